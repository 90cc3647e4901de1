"""The bytes that are hashed are a promise to everybody who ever checks a chain: one fixed example holds them."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuji.journal.chain import FIELDS, FIRST, SELECTED, encode, link

RECORD = (
    "019a0000-0000-7000-8000-000000000001",
    "7",
    None,
    "019a0000-0000-7000-8000-000000000002",
    "019a0000-0000-7000-8000-000000000003",
    "work.export.make",
    "list",
    "铜陵",
    ["a", None, "bc"],
    "",
    "1763791234567890",
)
BYTES = (
    b"36:019a0000-0000-7000-8000-000000000001,1:7,-36:019a0000-0000-7000-8000-000000000002,"
    b"36:019a0000-0000-7000-8000-000000000003,16:work.export.make,4:list,6:\xe9\x93\x9c\xe9\x99\xb5,"
    b"10:1:a,-2:bc,,0:,16:1763791234567890,"
)
TEXT = st.none() | st.text()
CONTENT = st.tuples(TEXT, st.none() | st.lists(TEXT), TEXT)  # each place has one type, as a column has


def test_the_bytes_of_a_record():
    assert encode(RECORD) == BYTES
    assert len(RECORD) == len(FIELDS) == SELECTED.count(",") + 1


def test_a_link_is_the_hash_of_the_one_before_and_the_record():
    first = link(FIRST, BYTES)
    assert first == sha256(bytes(32) + BYTES).digest()
    assert link(first, BYTES) == sha256(first + BYTES).digest()


@given(one=CONTENT, other=CONTENT)
def test_no_two_records_have_the_same_bytes(one, other):
    assert (encode(one) == encode(other)) == (one == other)


@pytest.mark.parametrize("values", [[None, "", "-", "0:,"], [None, [], [None], [""], ["-"], ["", ""], [None, None]]])
def test_nothing_and_empty_differ(values):
    assert len({encode([value]) for value in values}) == len(values)
