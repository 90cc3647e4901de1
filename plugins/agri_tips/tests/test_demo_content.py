"""The demo's tips are read by farmers: hold their form here, so that a new tip cannot arrive half made."""

import re
import tomllib
from html.parser import HTMLParser
from pathlib import Path

import pytest

from wuji_agri_tips.solar_terms import NAMES

PACKAGE = Path(__file__).parents[1] / "wuji_agri_tips"
PICTURES = PACKAGE / "demo" / "pictures"
FILES = sorted((PACKAGE / "demo" / "tips").glob("*.toml"))
BY_FILE = {path.stem: tomllib.loads(path.read_text(encoding="utf-8"))["tip"] for path in FILES}
TIPS = [tip for tips in BY_FILE.values() for tip in tips]
SUBJECTS = tomllib.loads((PACKAGE / "subjects.toml").read_text(encoding="utf-8"))["subject"]

NEEDED = {
    *("slug", "months", "solar_terms", "subject", "title", "summary", "body"),
    *("written_at", "district", "reach", "audience_class", "state"),
}
OPTIONAL = {"title_en", "summary_en", "picture", "picture_alt", "reason"}
LEVELS = ("community", "street", "district", "city")
TAGS = {"h2", "h3", "p", "ul", "ol", "li", "strong"}
PARENTS = {"li": {"ul", "ol"}, "strong": {"p", "li"}}
TERMS = {zh: index // 2 + 1 for index, (zh, *_) in enumerate(NAMES)}
HAN = "\u4e00-\u9fff"
ASCII_MARK = re.compile(f"[{HAN}”][,.;:!?()~\"']|[,.;:!?()~\"'][{HAN}“]")
SPACE_IN_CHINESE = re.compile(f"[{HAN}0-9][ \t]+[{HAN}]|[{HAN}][ \t]+[0-9]")


class Outline(HTMLParser):
    """What a body is made of: its texts, its headings in order, and whatever breaks the rules."""

    def __init__(self, body):
        super().__init__()
        self.open, self.headings, self.faults, self.text = [], [], [], []
        self.feed(body)
        self.close()

    def handle_starttag(self, tag, attrs):
        above = self.open[-1] if self.open else None
        if tag not in TAGS or attrs:
            self.faults.append(f"<{tag}> with {attrs}")
        if above not in PARENTS.get(tag, {None}):
            self.faults.append(f"<{tag}> inside <{above}>")
        if tag in {"h2", "h3"}:
            self.headings.append(int(tag[1]))
        self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> closes nothing")

    def handle_data(self, data):
        if not data.strip():
            return
        self.text.append(data)
        if not self.open or self.open[-1] in {"ul", "ol"}:
            self.faults.append(f"text outside an element: {data.strip()[:20]}")


def han(text):
    return len(re.findall(f"[{HAN}]", text))


@pytest.fixture(params=TIPS, ids=lambda tip: tip["slug"])
def tip(request):
    return request.param


def test_there_is_a_year_of_tips():
    assert list(BY_FILE) == [f"{month:02}" for month in range(1, 13)]
    assert len(TIPS) >= 60
    assert {month: n for month in range(1, 13) if (n := sum(month in tip["months"] for tip in TIPS)) < 4} == {}
    assert set(TERMS) <= {term for tip in TIPS for term in tip["solar_terms"]}


@pytest.mark.parametrize("field", ["slug", "title", "title_en", "summary"])
def test_nothing_stands_twice(field):
    values = [tip[field] for tip in TIPS if field in tip]
    assert sorted({value for value in values if values.count(value) > 1}) == []


def test_every_state_and_audience_is_shown():
    states = [tip["state"] for tip in TIPS]
    assert {state: states.count(state) for state in states if state != "published"} == {
        "draft": 2,
        "in_review": 2,
        "withdrawn": 1,
    }
    assert {tip["audience_class"] for tip in TIPS} == {"public", "residents", "members", "officials"}
    assert {tip["reach"] for tip in TIPS} == {"own", "street", "district", "city"}
    assert {tip["written_at"] for tip in TIPS} == set(LEVELS[:-1])


def test_a_third_is_in_english_too():
    assert sum("title_en" in tip for tip in TIPS) * 3 >= len(TIPS)


def test_fields(tip):
    assert set(tip) >= NEEDED
    assert set(tip) <= NEEDED | OPTIONAL
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", tip["slug"])
    assert tip["subject"] in {subject["id"] for subject in SUBJECTS}
    assert tip["state"] in {"published", "draft", "in_review", "withdrawn"}
    assert ("reason" in tip) == (tip["state"] == "withdrawn")
    assert ("title_en" in tip) == ("summary_en" in tip)
    assert re.fullmatch(r"3407\d\d", tip["district"])
    assert tip["reach"] == "own" or LEVELS.index(tip["reach"]) > LEVELS.index(tip["written_at"])


def test_months_and_terms_agree(tip):
    home = next(int(stem) for stem, tips in BY_FILE.items() if tip in tips)
    assert home in tip["months"]
    assert len(set(tip["months"])) == len(tip["months"])
    assert len(set(tip["solar_terms"])) == len(tip["solar_terms"]) > 0
    assert {TERMS[term] for term in tip["solar_terms"]} <= set(tip["months"]) <= set(range(1, 13))


def test_lengths(tip):
    assert 6 <= len(tip["title"]) <= 24
    assert 20 <= len(tip["summary"]) <= 80
    assert 150 <= han("".join(Outline(tip["body"]).text)) <= 500
    assert len(tip.get("title_en", "")) <= 70
    assert len(tip.get("summary_en", "")) <= 160


def test_bodies_are_simple_and_in_order(tip):
    outline = Outline(tip["body"])
    assert outline.faults == []
    assert outline.open == []
    assert outline.headings[0] == 2
    assert tip["body"].lstrip().startswith("<h2>")
    assert all(after - before <= 1 for before, after in zip(outline.headings, outline.headings[1:], strict=False))
    assert not re.search(r"<(\w+)>\s*</\1>", tip["body"])


def test_chinese_punctuation(tip):
    texts = [tip[field] for field in ("title", "summary", "picture_alt", "reason") if field in tip]
    for text in (*texts, *Outline(tip["body"]).text):
        assert not ASCII_MARK.search(text), text
        assert not SPACE_IN_CHINESE.search(text.strip()), text
        assert "！" not in text, text
        assert text.count("“") == text.count("”"), text
    assert tip["summary"].endswith("。")


def test_pictures_are_described(tip):
    assert ("picture" in tip) == ("picture_alt" in tip)
    if "picture" in tip:
        assert 8 <= len(tip["picture_alt"]) <= 60
        assert (PICTURES / tip["picture"]).is_file()


def test_pictures_are_small_and_used():
    pictures = sorted(PICTURES.iterdir())
    assert len(pictures) >= 8
    assert {path.name for path in pictures} == {tip["picture"] for tip in TIPS if "picture" in tip}
    for path in pictures:
        assert path.read_bytes().startswith(b"\x89PNG\r\n\x1a\n"), path.name
        assert path.stat().st_size <= 60_000, path.name


def test_subjects():
    assert len({subject["id"] for subject in SUBJECTS}) == len(SUBJECTS)
    names = [name for subject in SUBJECTS for name in (subject["zh"], *subject["aliases"])]
    assert sorted({name for name in names if names.count(name) > 1}) == []
    for subject in SUBJECTS:
        assert set(subject) == {"id", "zh", "en", "kind", "aliases"}
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", subject["id"])
        assert subject["kind"] in {"crop", "animal", "other"}
    assert {subject["id"] for subject in SUBJECTS} == {tip["subject"] for tip in TIPS}


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("<h2>怎么做</h2><script>x</script>", "<script>"),
        ('<p class="x">看</p>', "class"),
        ("<p>看<p>田</p></p>", "inside <p>"),
        ("<ul>看田</ul>", "outside an element"),
        ("<h2>看</h3>", "closes nothing"),
    ],
)
def test_the_outline_finds_faults(body, fault):
    assert any(fault in found for found in Outline(body).faults)
