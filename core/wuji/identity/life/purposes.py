"""What people are asked to agree to before their data are kept (PIPL 14 and 17). Texts stand under
`identity.purpose.<name>.<edition>`: what is kept, why, for how long, and what the person can do about it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from wuji.kit.texts import Texts


@dataclass(frozen=True)
class Purpose:
    """Whoever agreed to an older edition is asked again: another text is another agreement."""

    name: str
    edition: int


# Officials who add somebody act by duty (PIPL 13(3)); only whoever brings themselves is asked. It ends with the account.
ACCOUNT = Purpose("account", 1)
PURPOSES: Mapping[str, Purpose] = {purpose.name: purpose for purpose in (ACCOUNT,)}


def said(texts: Texts, locale: str, purpose: Purpose) -> Mapping[str, object]:
    """Name, edition, and its title and text in the reader's language."""
    key = f"identity.purpose.{purpose.name}.{purpose.edition}"
    return {
        "purpose": purpose.name,
        "edition": purpose.edition,
        "title": texts.say(locale, f"{key}.title"),
        "text": texts.say(locale, f"{key}.text"),
    }
