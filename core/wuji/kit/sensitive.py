"""Sensitive features: what no plugin does to people unless the root of their tree allows it, with a reason and a last day."""

from wuji.kit.db.session import ScopedSession


class UndeclaredFeatureError(LookupError):
    """A name that no plugin.toml has: a mistake of whoever asks, never a no."""

    def __init__(self, feature: str) -> None:
        super().__init__(f"{feature}: no plugin that is served here has it among the [[sensitive]] of its plugin.toml")


def root_allows(session: ScopedSession, feature: str) -> bool:
    """Whether `<plugin>.<feature>` is allowed where the session acts, today and while the plugin is active there. Raises
    UndeclaredFeatureError.
    """
    if session.allows is None:
        raise UndeclaredFeatureError(feature)
    return session.allows(session, feature)
