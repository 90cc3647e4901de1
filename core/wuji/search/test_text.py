"""Folding keeps places, tokens keep substrings, names are read as their people say them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuji.search import text

HAN = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=1, max_size=30)
ANY = st.text(max_size=60)


@given(ANY)
def test_folding_keeps_every_place(given_text: str):
    assert len(text.normalise(given_text)) == len(given_text)
    assert text.normalise(text.normalise(given_text)) == text.normalise(given_text)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("樅陽縣", "枞阳县"),
        ("ＡＢ１２", "ab12"),
        ("龍ﬁ①", "龙ﬁ1"),
        ("İstanbul ß", "İstanbul ß"),
        ("\ud800稻", "\ud800稻"),
        ("🌾水稻", "🌾水稻"),
    ],
)
def test_folding(written, folded):
    assert text.normalise(written) == folded


@given(HAN, st.data())
def test_whoever_types_a_part_finds_the_whole(whole, data):
    start = data.draw(st.integers(0, len(whole) - 1))
    end = data.draw(st.integers(start + 1, len(whole)))
    part, folded = text.normalise(whole[start:end]), text.normalise(whole)
    held = {*text.tokens(folded), *text.single(folded)}
    assert set(text.tokens(part)) <= held


@given(st.lists(HAN.map(lambda one: (one * 2)[:2]), min_size=2, max_size=2, unique=True))
def test_pairs_of_characters_are_packed_exactly(pairs):
    assert text.pack(pairs[0]) != text.pack(pairs[1])


@given(ANY)
def test_every_token_fits_an_integer_of_the_database(given_text):
    assert all(-(1 << 31) <= text.pack(token) < 1 << 31 for token in text.tokens(text.normalise(given_text)))


def test_pairs_and_hashed_tokens_lie_apart():
    assert text.pack("䀀㐀") > max(text.pack(token) for token in ("abc", "1", "稻", "𠮷𠮷"))


def test_tokens():
    assert list(text.tokens("枞阳县 abc12，水")) == ["枞阳", "阳县", "abc12", "水"]
    assert list(text.tokens("。，!@#🌾")) == []
    assert list(text.tokens("a.*b[c]")) == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("枞阳县", {"枞阳县", "zongyangxian", "zyx"}),
        ("樅陽縣", {"枞阳县", "zongyangxian"}),
        ("六安市", {"luanshi", "las"}),
        ("长溪村", {"changxicun", "cxc"}),
        ("单家村", {"shanjiacun", "danjiacun", "sjc"}),
        ("曾家湾", {"zengjiawan", "zjw"}),
        ("万俟庄", {"moqizhuang"}),
        ("横埠镇", {"hengbuzhen", "hbz"}),
        ("铜陵市", {"tonglingshi", "tls"}),
        ("340722", {"340722"}),
        ("水稻纹枯病防治", {"纹枯病防治", "防治", "sdwkbfz"}),
        ("Wi-Fi 说明", {"wifi说明"}),
        ("🌾", {"🌾"}),
        ("", set()),
    ],
)
def test_what_completes_to_a_name(name, keys):
    found = text.keys(name)
    assert keys <= found
    assert "" not in found


def test_a_local_reading_takes_the_place_of_a_wrong_one():
    assert not any(key.startswith(("cong", "liu")) for name in ("枞阳县", "六安市") for key in text.keys(name))


def test_words_of_a_question():
    assert text.words("水稻得了纹枯病七月应该怎么防治") == ["水稻", "纹枯病", "七月", "防治"]
    assert text.words("的了吗") == []
    assert len(text.words("".join(f"{a}{b}病虫害" for a in "稻麦棉茶" for b in "东西南北"))) <= 12
