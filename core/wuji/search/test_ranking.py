"""Better answers weigh more, a score depends on its document alone, and marks never let anything but themselves through."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

from hypothesis import given
from hypothesis import strategies as st

from wuji.plugin.records import SearchDocument
from wuji.search.ranking import mark_body, mark_title, weigh
from wuji.search.wording import read_wording

NOW = datetime(2026, 7, 1, tzinfo=UTC)
TERMS = (("稻", "纹枯病", "b", "amp"),)


def document(title: str, body: str = "", days: int | None = None) -> SearchDocument:
    at = None if days is None else NOW - timedelta(days=days)
    return SearchDocument(id="1", version=1, tenant_id=1, audience=None, title=title, body=body, published_at=at)


def order(question: str, *documents: SearchDocument) -> list[float]:
    wording = read_wording(question, [])
    return [weigh(one, wording.phrase, wording.ways, NOW) for one in documents]


def test_what_answers_better_weighs_more():
    scores = order(
        "水稻防治",
        document("水稻防治"),
        document("水稻防治要点和别的许多事情"),
        document("别的", "水稻防治"),
        document("别的", "水稻要防，病要治，水稻的防治"),
        document("别的", "水稻" + "无关的话" * 300 + "防治"),
    )
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == len(scores)


def test_what_is_newer_weighs_more_but_not_much():
    new, old, undated = order("水稻", document("水稻", days=1), document("水稻", days=3000), document("水稻"))
    assert new > old > undated * 0.99
    assert new < old * 1.5


def test_a_date_to_come_does_no_harm():
    assert order("水稻", document("水稻", days=-400)) > [0]


@given(st.text(max_size=80))
def test_marks_are_all_that_is_not_escaped(text):
    for marked in (mark_title(text, TERMS), mark_body(text, TERMS)):
        assert "<" not in re.sub(r"</?mark>", "", marked)
        assert marked.count("<mark>") == marked.count("</mark>")
    assert unescape(re.sub(r"</?mark>", "", mark_title(text, TERMS))) == text


def test_marks_stand_on_the_text_as_it_was_written():
    assert mark_title("樅陽縣<b>", (("枞阳",),)) == "<mark>樅陽</mark>縣&lt;b&gt;"
    assert mark_title("纹枯病的纹枯", (("纹枯病",),)) == "<mark>纹枯病</mark>的纹枯"
    assert mark_title("纹枯 枯病", (("纹枯病",),)) == "<mark>纹枯</mark> <mark>枯病</mark>"


def test_the_part_that_is_shown_is_where_it_matches():
    body = "开头" * 100 + "水稻纹枯病" + "结尾" * 100
    shown = mark_body(body, (("纹枯病",),))
    assert "水稻<mark>纹枯病</mark>" in shown
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert len(shown) < 130
    assert mark_body("无关<b>", (("纹枯病",),)) == "无关&lt;b&gt;"
    assert mark_body("", (("纹枯病",),)) == ""
