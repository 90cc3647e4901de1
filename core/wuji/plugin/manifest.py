"""What a plugin says of itself in plugin.toml, readable without importing any of its code."""

import re
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct, field
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version

API = Version("1")  # of wuji.api, which is what a plugin is written against
NAME = "plugin.toml"
ID = re.compile(r"[a-z][a-z0-9_]{1,30}")
LEVELS = {"city": 1, "district": 2, "street": 3, "community": 4, "grid": 5}
LevelName = Literal["city", "district", "street", "community", "grid"]


class ManifestError(ValueError):
    """The file cannot be used; the text names it and says what is wrong."""


class InBoth(Struct, frozen=True, forbid_unknown_fields=True):
    """One text in both languages; a manifest is read before any catalogue."""

    zh: str = field(name="zh-CN")
    en: str

    def say(self, locale: str) -> str:
        return self.en if locale == "en" else self.zh


class Sensitive(Struct, frozen=True, forbid_unknown_fields=True):
    """A feature that is off unless the root allows it with a reason and an end (design: people first)."""

    id: str
    name: InBoth


class Manifest(Struct, frozen=True, forbid_unknown_fields=True):
    """plugin.toml. `wuji` is the range of API versions it works with, `levels` where it can be active."""

    id: str
    version: str
    wuji: str
    name: InBoth
    about: InBoth
    levels: tuple[LevelName, ...] = ("city", "district", "street", "community", "grid")
    needs: tuple[str, ...] = ()
    permissions: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    sensitive: tuple[Sensitive, ...] = ()

    def stands_at(self, level: int) -> bool:
        return any(LEVELS[name] == level for name in self.levels)

    @property
    def fits(self) -> bool:
        """Whether it is written for this API."""
        return SpecifierSet(self.wuji).contains(API)


def read_manifest(path: Path) -> Manifest:
    """Raises ManifestError that names the file."""
    try:
        found = msgspec.toml.decode(path.read_bytes(), type=Manifest)
        _check(found)
    except FileNotFoundError:
        raise ManifestError(f"{path}: there is no such file") from None
    except (msgspec.MsgspecError, UnicodeDecodeError, ValueError) as error:
        raise ManifestError(f"{path}: {error}") from error
    return found


def _check(manifest: Manifest) -> None:
    if not ID.fullmatch(manifest.id):
        raise ValueError(f"id {manifest.id!r} is not 2 to 31 small letters, digits and underscores, a letter first")
    try:
        Version(manifest.version)
        SpecifierSet(manifest.wuji)
    except (InvalidVersion, InvalidSpecifier) as error:
        raise ValueError(f"version or wuji: {error}") from error
    if not manifest.levels:
        raise ValueError("levels is empty: it could be active nowhere")
    for named in (*manifest.permissions, *manifest.settings):
        if not named.startswith(f"{manifest.id}."):
            raise ValueError(f"{named}: its permissions and settings begin with {manifest.id}.")
    features = [one.id for one in manifest.sensitive]
    for what in (manifest.levels, manifest.needs, manifest.permissions, manifest.settings, features):
        if len(set(what)) != len(what):
            raise ValueError(f"something is named twice: {', '.join(what)}")
    if strange := [name for name in features if not ID.fullmatch(name)]:
        raise ValueError(
            f"sensitive: id {strange[0]!r} is not 2 to 31 small letters, digits and underscores, a letter first"
        )
    if manifest.id in manifest.needs:
        raise ValueError("it needs itself")
