"""The search of a place in the HTML: hits with marks, the next page by a link, nothing that runs."""

import re
from html import unescape

EVIL = "<script>alert(1)</script>\"'&"


def page_of(finder, query, locale="zh-CN", at="village", who=None):
    client = finder.app.test_client()
    if who:
        client.set_cookie("wuji-8000", finder.world.cookie[who])
    given = {"query_string": query, "headers": {"Accept-Language": locale, "Accept": "text/html"}}
    return client.get(f"/{finder.world.code[at]}/search", **given)


def test_hits_stand_in_the_html_for_the_reader_alone_not_for_indexes(finder):
    note = finder.note("水稻纹枯病|七月里水稻要防纹枯病", days=2000)
    page = page_of(finder, {"q": "水稻"})
    assert page.status_code == 200
    assert '<meta name="robots" content="noindex">' in page.text
    assert "<title>“水稻”的搜索结果 · village</title>" in page.text
    assert "找到 1 条" in page.text
    assert f'<a href="/{finder.world.code["village"]}/x/notes/{note}"><mark>水稻</mark>纹枯病</a>' in page.text
    assert "<time>2025-06-23</time>" in page.text
    assert 'value="水稻"' in page.text
    assert "<title>Results for “水稻” · village</title>" in page_of(finder, {"q": "水稻"}, "en").text


def test_nothing_that_was_asked_or_written_runs(finder):
    finder.note(f"水稻{EVIL}|水稻{EVIL}")
    for query in ({"q": f"水稻 {EVIL}"}, {"q": "水稻"}, {"q": "水稻", "facet": EVIL, EVIL: EVIL}):
        page = page_of(finder, query)
        assert page.status_code == 200
        assert "<script>alert" not in page.text
    assert "<mark>水稻</mark>&lt;script&gt;" in page_of(finder, {"q": "水稻"}).text


def test_only_what_is_public_is_found_whoever_is_logged_in(finder):
    finder.note("村里的水稻", audience=None)
    finder.note("大家的水稻")
    page = page_of(finder, {"q": "水稻"}, who="official@village")
    assert "大家的" in page.text
    assert "村里的" not in page.text


def test_the_next_page_is_a_link_that_keeps_the_question(finder):
    for n in range(25):
        finder.note(f"水稻之{n}", crops="rice")
    first = page_of(finder, {"q": "水稻", "facet": "crop:rice"})
    assert first.text.count("<li>") == 20
    link = unescape(re.search(r'rel="next" href="[^"?]*\?([^"]*)"', first.text)[1])
    assert "facet=crop%3Arice" in link or "facet=crop:rice" in link
    second = page_of(finder, link)
    assert second.text.count("<li>") == 5
    assert 'rel="next"' not in second.text


def test_what_cannot_be_asked_leaves_the_page_standing(finder):
    for query in ("", "q=", "q=%20", "q=%00x", "q=" + "字" * 101, "q=x&kind=nothing", "q=x&level=9"):
        page = page_of(finder, query)
        assert page.status_code == 200, query
        assert "<h1>搜索</h1>" in page.text
    for query in (
        "q=x&place=0000",
        "q=x&since=yesterday",
        "q=x&cursor=y",
        "q=x&facet=zz:1",
        "q=x&facet=zz",
        "q=x&limit=a",
        "q=%ff%fe",
    ):
        assert page_of(finder, query).status_code == 200, query


def test_a_search_where_nobody_is_is_not_found(finder):
    client = finder.app.test_client()
    assert client.get("/000000000000/search?q=x", headers={"Accept": "text/html"}).status_code == 404
