"""The documentation is whole: every option, permission and command stands in it, and its examples are real."""

import json
import re
from collections.abc import Iterator
from inspect import signature
from pathlib import Path
from typing import Any

import click
import pytest

from wuji.assembly import SETTINGS
from wuji.cli import main
from wuji.installation import PERMISSIONS
from wuji.kit.options import describe
from wuji.kit.setting import Setting
from wuji.plugin.hookspecs import Declarations, Events
from wuji.testing import Server
from wuji.testing.servers import STAGE

DOCS = Path(__file__).parents[2] / "docs"
README = DOCS.parent / "README.md"
FENCE = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")


def commands(command: click.Command, path: str = "wuji") -> Iterator[str]:
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from commands(below, f"{path} {name}")
    else:
        yield path


@pytest.mark.parametrize("option", describe(), ids=lambda option: option.name)
def test_every_option_is_documented(option: object) -> None:
    row = f"| `{option.name}` | {option.description} | "
    assert row in (DOCS / "operators.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("permission", PERMISSIONS, ids=lambda permission: permission.name)
def test_every_permission_is_documented(permission: object) -> None:
    assert f"| `{permission.name}` |" in (DOCS / "tenants.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.key)
def test_every_setting_is_documented(setting: Setting[Any]) -> None:
    row = next(
        line for line in (DOCS / "tenants.md").read_text(encoding="utf-8").splitlines() if f"`{setting.key}`" in line
    )
    assert row.startswith(f"| `{setting.key}` |")
    assert f"| `{setting.default}` |" in row if setting.default != "" else "| none |" in row
    assert row.endswith("| the root |" if setting.root_only else "| every level |")


def test_every_rule_of_retention_is_documented(server: Server) -> None:
    with server.connect(STAGE, server.shared) as connection:
        rules = connection.execute("select table_name from wuji.retention where table_name like 'wuji.%'").fetchall()
    documented = (DOCS / "operators.md").read_text(encoding="utf-8")
    assert [rule for (rule,) in rules if f"| `{rule}` |" not in documented] == []


HOOKS = [
    (name, tuple(signature(function).parameters)[1:])
    for group in (Declarations, Events)
    for name, function in vars(group).items()
    if name.startswith("wuji_")
]


@pytest.mark.parametrize(("hook", "arguments"), HOOKS, ids=[name for name, _ in HOOKS])
def test_every_hook_is_documented_with_its_arguments(hook: str, arguments: tuple[str, ...]) -> None:
    assert f"| `{hook}({', '.join(arguments)})` |" in (DOCS / "plugins.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", list(commands(main)))
def test_every_command_is_documented(command: str) -> None:
    assert f"`{command}" in (DOCS / "operators.md").read_text(encoding="utf-8")


def test_documented_commands_exist() -> None:
    named = set(re.findall(r"`(wuji(?: [a-z][a-z-]*)+)", (DOCS / "operators.md").read_text(encoding="utf-8")))
    known = set(commands(main))
    prefixes = {" ".join(name.split()[:n]) for name in known for n in range(1, 5)}
    assert named - prefixes == set()


def snippets(language: str) -> Iterator[tuple[str, str]]:
    for path in (*sorted(DOCS.glob("*.md")), README):
        for number, (found, code) in enumerate(FENCE.findall(path.read_text(encoding="utf-8"))):
            if found == language:
                yield f"{path.name}-{number}", code


@pytest.mark.parametrize(("name", "code"), list(snippets("json")) or [("none", "{}")])
def test_json_snippets_are_json(name: str, code: str) -> None:
    assert json.loads(code) is not None, name


@pytest.mark.parametrize(("name", "code"), list(snippets("python")) or [("none", "pass")])
def test_python_snippets_run(name: str, code: str) -> None:
    exec(compile(code, name, "exec"), {"__name__": "snippet"})  # noqa: S102 - our own documentation


@pytest.mark.parametrize("path", [*sorted(DOCS.glob("*.md")), README], ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    for target in LINK.findall(path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists(), target
