"""The plugins that tests run with: those that are found beside the program, as its own processes find them."""

import os
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec

from wuji.installation import find_plugins
from wuji.kit.options import load
from wuji.plugin.plugins import Plugin, Plugins

FOLDER = "WUJI_PLUGINS_DIR"


def plugin_options() -> dict[str, str]:
    """The one option that tests take from outside: where the plugins lie that an author works on."""
    return {FOLDER: os.environ[FOLDER]} if os.environ.get(FOLDER) else {}


def loaded_plugins() -> Plugins:
    """Loaded once; what is quarantined is not tested here, its own tests say why."""
    return find_plugins(load(plugin_options()).plugins_dir)


@lru_cache
def installed_plugins() -> tuple[Plugin, ...]:
    """A plugin's module `testing` has registered its factories, ids and bodies by then."""
    for plugin in loaded_plugins():
        name = f"wuji_{plugin.id}.testing"
        if find_spec(name):
            import_module(name)
    return loaded_plugins().loaded
