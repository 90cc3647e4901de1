"""Levels, and the codes that fit them: division codes of territories, 统一社会信用代码 of every other organisation."""

from enum import IntEnum

DIGITS = {1: 4, 2: 6, 3: 9, 4: 12, 5: 15}
USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100-2015: without I, O, S, V, Z
USCC_LENGTH = 18


class Level(IntEnum):
    """The rank of a tenant's place in the tree."""

    CITY = 1
    DISTRICT = 2
    STREET = 3
    COMMUNITY = 4
    GRID = 5

    @property
    def word(self) -> str:
        return self.name.lower()


def is_division_code(code: str, level: int) -> bool:
    """Digits only, as many as the level asks for."""
    return code.isascii() and code.isdigit() and len(code) == DIGITS[level]


def is_uscc(code: str) -> bool:
    """18 characters whose last is the check character of the others (GB 32100-2015, after ISO 7064 MOD 31-3)."""
    if len(code) != USCC_LENGTH or not set(code) <= set(USCC):
        return False
    total = sum(USCC.index(character) * pow(3, place, 31) for place, character in enumerate(code[:-1]))
    return USCC[-total % 31] == code[-1]
