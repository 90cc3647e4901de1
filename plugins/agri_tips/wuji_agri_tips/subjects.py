"""What a tip can be about, and the words under which people look for it."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

SUBJECT_KINDS = ("crop", "animal", "other")
# Words for the same thing that no subject's aliases hold: what a disease is called in books, and what it is called here.
LOCAL = (
    ("纹枯病", "烂脚瘟", "花脚秆"),
    ("稻瘟病", "火烧瘟", "吊颈瘟"),
    ("二化螟", "钻心虫", "蛀心虫"),
    ("稻纵卷叶螟", "卷叶虫", "刮青虫"),
    ("稻飞虱", "蠓虫", "响虫"),
    ("草地贪夜蛾", "秋黏虫", "行军虫"),
    ("红蜘蛛", "火龙", "叶螨"),
    ("菌核病", "白秆病", "霉秆"),
    ("非洲猪瘟", "猪瘟"),
    ("中蜂", "土蜂"),
    ("晒田", "烤田", "搁田"),
    ("打顶", "打头", "摘心"),
)


@dataclass(frozen=True)
class Subject:
    """A crop, an animal, or what concerns all of them."""

    id: str
    zh: str
    en: str
    kind: str
    aliases: tuple[str, ...]

    def label(self, locale: str) -> str:
        return self.en if locale == "en" else self.zh


def _read() -> dict[str, Subject]:
    with Path(__file__).with_name("subjects.toml").open("rb") as file:
        entries = tomllib.load(file)["subject"]
    return {entry["id"]: Subject(**{**entry, "aliases": tuple(entry["aliases"])}) for entry in entries}


SUBJECTS: Mapping[str, Subject] = _read()
IDS = tuple(SUBJECTS)
# Each first its name, then how it is called; a subject without another name needs none.
SYNONYMS = (*LOCAL, *((one.zh, *one.aliases) for one in SUBJECTS.values() if one.aliases))


def say_subject(locale: str, subject: str) -> str:
    """A subject's name; of one that is no longer declared, what was stored."""
    return SUBJECTS[subject].label(locale) if subject in SUBJECTS else subject
