"""Rows by many keys, in one statement that is the same for any number of them."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, any_, literal
from sqlalchemy.orm import InstrumentedAttribute


def among(column: ColumnElement[Any] | InstrumentedAttribute[Any], values: Collection[Any]) -> ColumnElement[bool]:
    """`column = any(array)`. With in_() a hundred values are a hundred parameters, and each number of them is compiled anew."""
    return column == any_(literal(list(values), ARRAY(column.type)))
