"""Everything that is said is said in both languages, with the same parameters; and nothing is asked for that is not there."""

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from wuji.assembly import make_texts, settings
from wuji.cli.plugin import labels
from wuji.governance.resolution import WORDS
from wuji.governance.services.operating import VERBS as PLUGIN_VERBS
from wuji.governance.standing import Cause
from wuji.identity.permissions import BUILT_IN_ROLES
from wuji.installation import permissions
from wuji.kit.http.errors import BY_STATUS, STATES
from wuji.kit.setting import MODES
from wuji.kit.texts import LOCALES
from wuji.tenancy.services.tree import VERBS
from wuji.testing.plugins import loaded_plugins

CORE = Path(__file__).parents[2] / "core" / "wuji"
PLUGINS = loaded_plugins()
TEXTS = make_texts(PLUGINS)
FOLDERS = (CORE, *(plugin.found.package for plugin in PLUGINS))
CHINESE = re.compile("[\u4e00-\u9fff]")


def parameters(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_have_the_same_texts() -> None:
    first, second = (TEXTS.catalogue(locale).keys() for locale in LOCALES)
    assert first
    assert first ^ second == set()


def test_both_languages_take_the_same_parameters() -> None:
    differ = [
        key
        for key in TEXTS.catalogue("en")
        if parameters(TEXTS.catalogue("en")[key]) != parameters(TEXTS.catalogue("zh-CN")[key])
    ]
    assert not differ


def test_english_texts_are_english_and_chinese_ones_chinese() -> None:
    assert not [key for key, text in TEXTS.catalogue("en").items() if CHINESE.search(text)]
    assert not [
        key
        for key, text in TEXTS.catalogue("zh-CN").items()
        if not CHINESE.search(text) and re.search("[a-z]{4}", re.sub(r"{\w+}", "", text.lower()))
    ]


@pytest.mark.parametrize("never", ["操作成功", "系统繁忙", "非法输入", "Oops", "!", "！"])
def test_the_voice(never: str) -> None:
    assert not [key for locale in LOCALES for key, text in TEXTS.catalogue(locale).items() if never in text]


def slugs() -> Iterator[tuple[str, str]]:
    """(where, key) of every problem and message that the code names."""
    for path in (path for folder in FOLDERS for path in folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant | ast.JoinedStr):
                name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
                if name == "Problem" and isinstance(node.args[0], ast.Constant):
                    yield str(path), node.args[0].value
                elif name == "Said" and isinstance(node.args[0], ast.Constant):
                    yield str(path), f"={node.args[0].value}"
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Fault" and len(node.args) > 1:
                key = node.args[1]
                if isinstance(key, ast.Constant):
                    yield str(path), f"={key.value}"


def test_every_problem_and_message_has_its_text() -> None:
    keys = TEXTS.catalogue("en")
    wanted: list[tuple[str, str]] = []
    for where, slug in slugs():
        if slug.startswith("="):
            wanted.append((where, slug[1:]))
        else:
            feature, _, name = slug.partition(".")
            wanted += [(where, f"{feature}.problem.{name}.{part}") for part in ("title", "detail")]
    wanted += [("errors", f"kit.problem.{name}.title") for name in BY_STATUS.values()]
    wanted += [("errors", slug.replace("kit.", "kit.problem.") + ".title") for slug, _ in STATES.values()]
    assert len(wanted) > 20
    assert not [(where, key) for where, key in wanted if key not in keys]


def test_permissions_and_roles_have_labels() -> None:
    keys = TEXTS.catalogue("en")
    wanted = [f"{p.feature}.permission.{p.name.partition('.')[2]}" for p in permissions(PLUGINS)]
    wanted += [f"identity.role.{role.name}" for role in BUILT_IN_ROLES]
    assert not [key for key in wanted if key not in keys]


def test_settings_have_label_help_and_rule() -> None:
    wanted = [f"{setting.texts}.{part}" for setting in settings(PLUGINS) for part in ("label", "help", "rule")]
    assert wanted
    assert not [key for key in wanted if key not in TEXTS.catalogue("en")]


def test_verbs_that_are_put_together_have_labels() -> None:
    """Those of states and of settings, which no text of the code shows whole."""
    verbs = [f"tenant.{verb}" for verb in VERBS.values()] + [f"setting.{verb}" for verb in (*MODES, "clear")]
    assert not [verb for verb in verbs if f"tenancy.verb.{verb}" not in TEXTS.catalogue("en")]


def test_every_journal_verb_has_a_label() -> None:
    recorded = set()
    for path in (path for folder in FOLDERS for path in folder.rglob("*.sql")):
        recorded |= set(re.findall(r"journal_add\('([a-z_.]+)'[,)]", path.read_text(encoding="utf-8")))
    for path in (path for folder in FOLDERS for path in folder.rglob("*.py")):
        recorded |= set(re.findall(r"record\(\s*\w+,\s*\"([a-z_.]+)\"", path.read_text(encoding="utf-8")))
    assert recorded
    keys = TEXTS.catalogue("en")
    assert not [
        verb for verb in sorted(recorded) if f"{verb.partition('.')[0]}.verb.{verb.partition('.')[2]}" not in keys
    ]


def test_what_plugins_show_has_words() -> None:
    wanted = [key for plugin in PLUGINS for key in labels(plugin)]
    assert not [key for key in wanted if key not in TEXTS.catalogue("en")]


def test_what_governance_puts_together_has_words() -> None:
    """Sentences of the ladder, causes, verbs: no text of the code shows those keys whole."""
    words = ("require", "forbid", "offer", "offer_on", "offer_off")
    wanted = [f"ladder.{word}{suffix}" for word in words for suffix in ("", "_for")]
    wanted += [f"ladder.{word}" for word in ("silent", "inherit", "ended", "waiting", "overruled")]
    wanted += [f"state.{cause}" for cause in ("on", "off", *(cause for cause in get_args(Cause) if cause != "rule"))]
    wanted += [f"verb.rule.{word}" for word in WORDS] + [f"verb.plugin.{verb}" for verb in PLUGIN_VERBS.values()]
    assert not [key for key in wanted if f"governance.{key}" not in TEXTS.catalogue("en")]
