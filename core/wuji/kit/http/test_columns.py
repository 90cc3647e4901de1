import pytest
from marshmallow import ValidationError
from sqlalchemy import Integer, String, column, select

from wuji.kit.http.columns import Column, List
from wuji.kit.http.fields import Whole


def make(*columns):
    return List("test.things", "public", columns, column("id", Integer), lambda *_: select(), columns[0].name)


def test_no_page_can_begin_after_null():
    with pytest.raises(ValueError, match="name can be null"):
        make(Column("name", column("name", String), sortable=True, nullable=True))


def test_a_query_asks_for_numbers_in_letters():
    things = make(
        Column("name", column("name", String), sortable=True), Column("level", column("level", Integer), filtered=True)
    )
    assert things.query()().load({"level": "3", "limit": "20"}) == {"level": 3, "limit": 20}


@pytest.mark.parametrize("value", [3, "3", " 3"])
def test_whole_numbers(value):
    assert Whole().deserialize(value) == 3


@pytest.mark.parametrize("value", [3.0, 2.5, True, "2.5", "", "x", None, [3], {}])
def test_what_is_no_whole_number(value):
    with pytest.raises(ValidationError):
        Whole().deserialize(value)
