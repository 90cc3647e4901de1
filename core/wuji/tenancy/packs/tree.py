"""Does what the rows of a pack say make a tree? Names every row that does not fit."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from wuji.tenancy.codes import DIGITS, Level, is_division_code, is_uscc
from wuji.tenancy.packs.finding import Findings

SLOTS = {1: 9999, 2: 999, 3: 999, 4: 9999, 5: 9999}  # children of one tenant at each level, as wuji.slots() has them
TERRITORY = "territory"


@dataclass(frozen=True)
class Row:
    """One tenant of a pack; the parent of the root is empty. `line` is where it stands in its file."""

    line: int
    code: str
    parent: str
    level: Level
    category: str
    name: str


def check_tree(root: Row, rows: Sequence[Row], file: str, findings: Findings) -> None:
    """Everything that the tree cannot hold, or that no form of the console would take."""
    known = {root.code: root}
    for row in rows:
        earlier = known.setdefault(row.code, row)
        if earlier is root:
            findings.error(
                file, row.line, f"{row.code} is the root, which stands in tenant.toml only; remove this line"
            )
        elif earlier is not row:
            findings.error(file, row.line, f"{row.code} stands in line {earlier.line} already; a code is used once")
    cycles = _check_cycles(known, file, findings)
    for row in (row for row in rows if known[row.code] is row):
        parent = known.get(row.parent)
        if parent is None:
            findings.error(file, row.line, f"parent {row.parent} is neither the root nor a row of this file; add it")
        elif row.code not in cycles and _check_place(row, parent, file, findings):
            _check_prefix(row, parent, known, file, findings)
    _check_slots(rows, file, findings)


def check_code(row: Row, file: str, line: int, findings: Findings) -> None:
    """Does the code fit category and level?"""
    if row.category == TERRITORY and not is_division_code(row.code, row.level):
        wanted = DIGITS[row.level]
        findings.error(
            file, line, f"{row.code}: the code of a {row.level.word} has {wanted} digits; mend the code or the level"
        )
    if row.category != TERRITORY and not is_uscc(row.code):
        findings.error(
            file,
            line,
            f"{row.code} is no 统一社会信用代码: 18 characters of which the last checks the others; compare the certificate",
        )


def _check_place(row: Row, parent: Row, file: str, findings: Findings) -> bool:
    """May a tenant of this level stand there?"""
    check_code(row, file, row.line, findings)
    if row.level <= parent.level:
        text = f"a {row.level.word} cannot stand below {parent.code}, a {parent.level.word}; mend level or parent"
    elif row.category != TERRITORY and row.level != parent.level + 1:
        text = f"an organisation stands one level below its parent, so this is a {Level(parent.level + 1).word}"
    else:
        return True
    findings.error(file, row.line, text)
    return False


def _check_prefix(row: Row, above: Row, known: Mapping[str, Row], file: str, findings: Findings) -> None:
    """A division code begins with that of the nearest territory above: so it is in all 665,000 of the country."""
    while above.category != TERRITORY and above.parent in known and known[above.parent].level < above.level:
        above = known[above.parent]
    if row.category == above.category == TERRITORY and not row.code.startswith(above.code):
        findings.error(
            file, row.line, f"{row.code} does not begin with {above.code}, the code above; mend code or parent"
        )


def _check_cycles(known: Mapping[str, Row], file: str, findings: Findings) -> set[str]:
    """Every cycle once, at the row that stands first in the file; returns the codes that are part of one."""
    done: set[str] = set()
    found: set[str] = set()
    for start in known:
        path: dict[str, None] = {}
        code = start
        while code in known and code not in done and code not in path:
            path[code] = None
            code = known[code].parent
        if code in path:
            cycle = list(path)[list(path).index(code) :]
            found.update(cycle)
            first = min(cycle, key=lambda member: known[member].line)
            turned = _turned(cycle, first)
            findings.error(
                file, known[first].line, f"a cycle: {' → '.join([*turned, first])}; one of them needs another parent"
            )
        done.update(path)
    return found


def _turned(cycle: Sequence[str], first: str) -> Sequence[str]:
    place = cycle.index(first)
    return [*cycle[place:], *cycle[:place]]


def _check_slots(rows: Sequence[Row], file: str, findings: Findings) -> None:
    counts: Counter[tuple[str, Level]] = Counter()
    for row in rows:
        counts[row.parent, row.level] += 1
        if counts[row.parent, row.level] == SLOTS[row.level] + 1:
            findings.error(
                file,
                row.line,
                f"below {row.parent} there is room for {SLOTS[row.level]} tenants of level {row.level.word}",
            )


def by_level(rows: Sequence[Row]) -> Iterator[tuple[Level, list[Row]]]:
    """The rows level by level from above, so that a parent always comes before its children; in a level as in the file."""
    for level in Level:
        if found := [row for row in rows if row.level == level]:
            yield level, found
