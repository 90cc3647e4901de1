"""A pack as it was read: the root, the rows below it, its roles and its colours."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from wuji.kit.clock import local, now
from wuji.tenancy.codes import Level
from wuji.tenancy.packs.colours import check_colours
from wuji.tenancy.packs.finding import Finding, Findings
from wuji.tenancy.packs.reading import read_rows, read_text, read_toml, toml_line
from wuji.tenancy.packs.schema import misfits
from wuji.tenancy.packs.tree import TERRITORY, Row, check_code, check_tree

TENANT, TENANTS, ROLES, THEME = "tenant.toml", "tenants.csv", "roles.toml", "theme/tokens.toml"
FILES = {TENANT, TENANTS, ROLES, "theme"}
MOST_ROWS = 100_000
CLASSES = ("public", "resident", "member", "official")
Advance = Callable[[int], object]  # told how many rows were done since the last time


@dataclass(frozen=True)
class PackRole:
    """A role of the root, as roles.toml says it."""

    name: str
    labels: Mapping[str, str]
    reach: str
    audience_class: int
    permissions: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PackRule:
    """What the root says about a plugin at a tenant; `line` of tenant.toml."""

    line: int
    plugin: str
    code: str
    rule: str
    on: bool | None
    reason: str
    until: date | None


@dataclass(frozen=True)
class PackPlugin:
    """A plugin of the pack. `data` names a folder of its package; without it the pack's own folder of its name is read."""

    id: str
    data: str | None
    rules: tuple[PackRule, ...]


@dataclass(frozen=True)
class Pack:
    """Checked: what it says can be applied. `about` None: the pack says nothing of it."""

    folder: Path
    root: Row
    about: str | None
    source: Mapping[str, Any]
    rows: Sequence[Row]
    roles: Sequence[PackRole]
    theme: Mapping[str, Mapping[str, str]]
    plugins: Sequence[PackPlugin]
    warnings: Sequence[Finding]


def read_pack(folder: Path, permissions: Collection[str], advance: Advance = lambda _rows: None) -> Pack:
    """Reads and checks the whole folder; raises PackError with every finding. `permissions`: those that roles may name."""
    findings = Findings()
    if not folder.is_dir():
        findings.error(str(folder), 0, "there is no such folder; a pack is a folder with tenant.toml and tenants.csv")
        findings.refuse()
    said = _document(folder, TENANT, "tenant", findings)
    for path in sorted(folder.iterdir()):
        if path.name not in FILES and path.name not in (said or {}).get("plugins", {}):
            findings.warn(path.name, 0, f"it is not read; a pack has {', '.join(sorted(FILES))}/tokens.toml")
    roles = _roles(folder, permissions, findings)
    theme = _document(folder, THEME, "theme", findings) if (folder / "theme").exists() else {}
    if theme:
        check_colours(theme, _text(folder, THEME), THEME, findings)
    rows = _rows(folder, findings, advance)
    findings.refuse()  # a row that has no form would leave its children without a parent
    root = Row(0, said["code"], "", Level[said["level"].upper()], said.get("category", TERRITORY), said["name"])
    check_code(root, TENANT, toml_line(_text(folder, TENANT), ["code"]), findings)
    check_tree(root, rows, TENANTS, findings)
    findings.refuse()
    plugins = _plugins(folder, said, {row.code for row in (root, *rows)}, findings)
    findings.refuse()
    about = said.get("description")
    return Pack(folder, root, about, said["source"], rows, roles, theme or {}, plugins, sorted(findings.warnings))


def _text(folder: Path, file: str) -> str:
    return (folder / file).read_text(encoding="utf-8-sig")


def _document(folder: Path, file: str, part: str, findings: Findings) -> Any:
    """A TOML file that fits its part of the schema; None, with findings, where it does not."""
    text = read_text(folder / file, file, findings)
    document = None if text is None else read_toml(text, file, findings)
    if text is None or document is None:
        return None
    wrong = list(misfits(part, document))
    for path, sentence in wrong:
        findings.error(file, toml_line(text, path), sentence)
    return None if wrong else document


def _rows(folder: Path, findings: Findings, advance: Advance) -> list[Row]:
    text = read_text(folder / TENANTS, TENANTS, findings)
    rows: list[Row] = []
    for line, given in read_rows(text, TENANTS, findings) if text is not None else ():
        wrong = [sentence for _, sentence in misfits("row", given)]
        for sentence in wrong:
            findings.error(TENANTS, line, sentence)
        if len(rows) == MOST_ROWS:
            findings.error(TENANTS, line, f"a pack has at most {MOST_ROWS:,} rows; make a pack of each district")
            break
        if not wrong:
            level = Level[given["level"].upper()]
            rows.append(Row(line, given["code"], given["parent"], level, given["category"], given["name"]))
        advance(1)
    return rows


def _roles(folder: Path, permissions: Collection[str], findings: Findings) -> list[PackRole]:
    document = _document(folder, ROLES, "roles", findings) if (folder / ROLES).exists() else None
    given = (document or {}).get("role", ())
    for number, role in enumerate(given):
        place: list[str | int] = ["role", number]
        if any(role["name"] == other["name"] for other in given[:number]):
            line = toml_line(_text(folder, ROLES), [*place, "name"])
            findings.error(ROLES, line, f"there is a role {role['name']} above; a role is named once")
        for permission in sorted(set(role["permissions"]) - set(permissions)):
            line = toml_line(_text(folder, ROLES), [*place, "permissions"])
            findings.error(ROLES, line, f"there is no permission {permission}")
    return [
        PackRole(
            role["name"], role["label"], role["reach"], CLASSES.index(role["class"]), tuple(sorted(role["permissions"]))
        )
        for role in given
    ]


def _plugins(folder: Path, said: Mapping[str, Any], codes: Collection[str], findings: Findings) -> list[PackPlugin]:
    text = _text(folder, TENANT)
    found: list[PackPlugin] = []
    for plugin, rule in said.get("plugins", {}).items():
        places: list[tuple[list[str | int], Mapping[str, Any]]] = [
            (["plugins", plugin], {**rule, "code": said["code"]})
        ]
        places += [(["plugins", plugin, "except", n], one) for n, one in enumerate(rule.get("except", ()))]
        rules = [_rule(plugin, one, toml_line(text, place)) for place, one in places]
        for number, one in enumerate(rules):
            if one.code not in codes:
                findings.error(TENANT, one.line, f"{one.code} is no tenant of this pack")
            if one.on is not None and one.rule != "offer":
                findings.error(TENANT, one.line, f"on goes with the rule offer, not with {one.rule}")
            if one.until and one.until < local(now()).date():
                findings.error(TENANT, one.line, f"{one.until} has passed")
            if one.code in {other.code for other in rules[:number]}:
                findings.error(TENANT, one.line, f"{one.code} is named above already")
        found.append(PackPlugin(plugin, rule.get("data"), tuple(rules)))
    return found


def _rule(plugin: str, said: Mapping[str, Any], line: int) -> PackRule:
    until = date.fromisoformat(said["until"]) if "until" in said else None
    reason = said.get("reason", "")
    return PackRule(
        line=line, plugin=plugin, code=said["code"], rule=said["rule"], on=said.get("on"), reason=reason, until=until
    )


def find_description(folder: Path) -> str | None:
    """What a pack that is there already says of its root, so that data drawn anew do not lose it."""
    if not (folder / TENANT).exists():
        return None
    said = _document(folder, TENANT, "tenant", findings := Findings())
    findings.refuse()
    return str(said["description"]) if "description" in said else None
