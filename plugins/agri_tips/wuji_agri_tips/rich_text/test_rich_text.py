"""What people paste, and what is said of it."""

from dataclasses import dataclass

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from wuji_agri_tips.rich_text.checking import check_headings, check_media, check_pictures
from wuji_agri_tips.rich_text.cleaning import ATTRIBUTES, TAGS, clean
from wuji_agri_tips.rich_text.reading import read_outline
from wuji_agri_tips.rich_text.rendering import render_body

PIECES = st.sampled_from([
    "<h2>", "</h2>", "<img src=x onerror=alert(1)>", "<svg><script>", "<math><mtext>", "<style>", "<!--", "-->", "<p title='",
    '"', "&lt;", "<a href=javascript:alert(1)>", "<a href='java\tscript:x'>", "media:1", "<table><td>", "<iframe srcdoc=",
    "稻", "<noscript>", "<img src='media:1' ",
])  # fmt: skip


@dataclass
class Medium:
    number: int
    kind: str = "picture"
    name: str = "a.png"
    alt: str = ""
    transcript: str = ""
    caption: str = ""
    id: str = "id"
    width: int | None = 10
    height: int | None = 20


@pytest.mark.parametrize(("sent", "kept"), [
    ("<p style='color:red' class=x onclick=y>稻</p>", "<p>稻</p>"),
    ("<script>alert(1)</script><p>稻</p>", "<p>稻</p>"),
    ("<style>p{}</style>", ""),
    ("<div><span>稻</span></div>", "稻"),
    ("<iframe src=https://a.example></iframe>x", "x"),
    ("<a href='javascript:alert(1)'>x</a>", '<a rel="noopener noreferrer">x</a>'),
    ("<a href='//evil.example'>x</a>", '<a rel="noopener noreferrer">x</a>'),
    ("<a href='data:text/html,x'>x</a>", '<a rel="noopener noreferrer">x</a>'),
    ("<a href='tel:0562-1'>x</a>", '<a href="tel:0562-1" rel="noopener noreferrer">x</a>'),
    ("<img src='media:1' alt=x srcset=y>", '<img src="media:1">'),
    ("<img src='media:100'>", "<img>"),
    ("<img src='data:image/png;base64,AA'>", "<img>"),
    ("<td colspan=9999>", ""),
    ("<table><tr><th scope=col colspan=2 style=x>a", '<table><tbody><tr><th scope="col" colspan="2">a</th></tr></tbody></table>'),
    ("a < b & c", "a &lt; b &amp; c"),
    ("<h1>大</h1>", "<h1>大</h1>"),
    ("<svg><a xlink:href='javascript:x'>x</a></svg>", ""),
    ("<form action=x><input name=y><button>z</button></form>", "z"),
    ("<p><!-- x -->稻</p>", "<p>稻</p>"),
])  # fmt: skip
def test_what_is_kept(sent, kept):
    assert clean(sent) == kept


@example("<h2><a href=javascript:alert(1)><h2><a href=javascript:alert(1)>")
@given(st.lists(PIECES, max_size=12).map("".join) | st.text())
def test_clean_stays_clean(sent):
    once = clean(sent)
    assert clean(once) == once
    for word in ("<script", "<svg", "<style", "<iframe", "<math"):
        assert word not in once.lower()
    shown = render_body(once, [Medium(1, alt='"><script>')], "3407")
    assert "<script" not in shown
    assert read_outline(once).text == " ".join(read_outline(once).text.split())


def test_nothing_that_is_allowed_runs_or_is_styled():
    assert not {"script", "style", "iframe", "form", "input", "svg", "object", "embed", "link", "meta", "base"} & TAGS
    assert not [
        name
        for names in ATTRIBUTES.values()
        for name in names
        if name.startswith("on") or name in {"style", "class", "id"}
    ]


@pytest.mark.parametrize(("html", "said"), [
    ("<h2>甲</h2><h3>乙</h3><h2>丙</h2><h3>丁</h3><h4>戊</h4><h2>己</h2>", []),
    ("<p>没有小标题</p>", []),
    ("<h3>甲</h3>", [("heading_jump", {"place": 1, "text": "甲", "level": 3, "wanted": 2})]),
    ("<h1>甲</h1><h2>乙</h2>", [("heading_first", {"place": 1, "text": "甲", "level": 1})]),
    ("<h2>甲</h2><h4>乙</h4>", [("heading_jump", {"place": 2, "text": "乙", "level": 4, "wanted": 3})]),
    ("<h2> </h2>", [("heading_empty", {"place": 1, "text": "", "level": 2})]),
    ("<h2>甲<strong>乙</strong></h2><h6>丙</h6>", [("heading_jump", {"place": 2, "text": "丙", "level": 6, "wanted": 3})]),
])  # fmt: skip
def test_the_order_of_headings(html, said):
    assert [(f.key.rpartition(".")[2], dict(f.params)) for f in check_headings(html)] == said


def test_pictures_and_recordings():
    media = [
        Medium(1),
        Medium(2, alt="田"),
        Medium(3, kind="audio", name="话.mp3"),
        Medium(4, kind="video", transcript="说的话"),
    ]
    assert [(f.pointer, f.params["name"]) for f in check_media(media)] == [
        ("#/media/1/alt", "a.png"),
        ("#/media/3/transcript", "话.mp3"),
    ]
    html = clean('<img src="media:1"><img src="media:3"><img src="x">')
    assert [f.params["place"] for f in check_pictures(html, media)] == [2, 3]


def test_text_for_search():
    outline = read_outline(
        clean(
            "<h2>怎么查</h2><p>看<b>基部</b>，</p><ul><li>一</li><li>二</li></ul><table><tr><td>三</td><td>四</td></tr></table>"
        )
    )
    assert outline.text == "怎么查 看基部， 一 二 三 四"
