"""What the definer functions refuse, said so that it can be mended."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from wuji.kit.problem import Fault, Problem, invalid

FAULTS: Mapping[str, Fault] = {
    "uq_account_login": Fault("#/login", "identity.invalid.login_taken"),
    "account": Fault("#/login", "identity.invalid.no_account"),
    "role": Fault("#/role", "identity.invalid.no_role"),
    "role_held": Fault("#/role", "identity.invalid.role_held"),
    "role_built_in": Fault("#/name", "identity.invalid.role_name"),
    "role_taken": Fault("#/name", "identity.invalid.role_name"),
    "expires_past": Fault("#/expires_at", "identity.invalid.expires_past"),
    "expires_own": Fault("#/expires_at", "identity.invalid.expires_own"),
}
PROBLEMS: Mapping[str, tuple[str, int]] = {
    "account_self": ("identity.not_oneself", 403),
    "account_elsewhere": ("identity.holds_elsewhere", 403),
    "role_class": ("identity.role_above", 403),
    "role_changed": ("kit.changed_meanwhile", 412),
}


@contextmanager
def refusals() -> Iterator[None]:
    """Turns the constraint that a statement named into a problem; a missing permission is said at the edge."""
    try:
        yield
    except DBAPIError as error:
        name = getattr(getattr(error.orig, "diag", None), "constraint_name", None) or ""
        if name in FAULTS:
            raise invalid(FAULTS[name]) from error
        if name in PROBLEMS:
            slug, status = PROBLEMS[name]
            raise Problem(slug, status) from error
        raise
