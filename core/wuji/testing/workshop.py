"""Small plugins, written for one test: sound ones, broken ones, slow ones."""

import sys
from collections.abc import Mapping
from pathlib import Path
from secrets import token_hex
from textwrap import indent

from wuji.installation import find_plugins
from wuji.kit.db.model import Model
from wuji.plugin.plugins import Plugins, schema_of

PROJECT = """
[project]
name = "wuji-{name}"
version = "{version}"

[project.entry-points."wuji.plugins"]
{name} = "wuji_{name}:plugin"
"""
MANIFEST = """
id = "{name}"
version = "{version}"
wuji = ">=1,<2"
{more}

[name]
zh-CN = "模块{name}"
en = "Plugin {name}"

[about]
zh-CN = "测试用"
en = "For tests"
"""
CODE = """
from wuji.api import *
from wuji.api.http import *
{before}

class Hooks:
    name = {name!r}
{hooks}

plugin = Hooks()
"""


class Workshop:
    """A folder of plugins. What was loaded from it is forgotten when the test ends."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.names: list[str] = []
        self._path = list(sys.path)

    def write(
        self,
        hooks: str = "pass",
        *,
        before: str = "",
        manifest: str = "",
        texts: str = "{}",
        version: str = "1.0.0",
        files: Mapping[str, str] = {},
        name: str = "",
    ) -> str:
        """A plugin whose object has these methods; returns its id. `files`: further ones, by path below its folder, `{name}`
        standing for the id.
        """
        name = name or f"p{token_hex(5)}"
        self.names.append(name)
        package = f"{name}/wuji_{name}"
        code = CODE.format(name=name, hooks=indent(hooks, "    "), before=before)
        written = {
            f"{name}/pyproject.toml": PROJECT.format(name=name, version=version),
            f"{package}/plugin.toml": MANIFEST.format(name=name, version=version, more=manifest),
            f"{package}/__init__.py": code,
            f"{name}/locales/zh-CN.json": texts,
            f"{name}/locales/en.json": texts,
            **{f"{name}/{path.replace('{name}', name)}": text.replace("{name}", name) for path, text in files.items()},
        }
        for path, text in written.items():
            (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / path).write_text(text, encoding="utf-8")
        return name

    def load(self) -> Plugins:
        """As a program that starts now would."""
        return find_plugins.__wrapped__(self.folder)

    def close(self) -> None:
        """Modules and tables are gone; other tests compare both with what the program itself has."""
        sys.path[:] = self._path
        schemas = {schema_of(name) for name in self.names}
        packages = {f"wuji_{name}" for name in self.names}
        for module in [name for name in sys.modules if name.partition(".")[0] in packages]:
            del sys.modules[module]
        for table in list(Model.metadata.tables.values()):
            if table.schema in schemas:
                Model.metadata.remove(table)
