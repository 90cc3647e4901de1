"""What programs write about themselves: a JSON object a line, with the request, tenant and account it belongs to, and without
what rows hold.
"""

import logging
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import TracebackType
from typing import TextIO

from pythonjsonlogger.json import JsonFormatter

from wuji.kit.options import Options

TEXT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
FIELDS = "%(levelname)s %(name)s %(message)s"
NAMES = {"levelname": "level", "name": "logger"}
# Lines of an error that repeat values: of PostgreSQL what was in the row, of SQLAlchemy what was bound.
VALUES = re.compile(r"^(?:DETAIL:|CONTEXT:|\[parameters:).*\n?", re.MULTILINE)
_about: ContextVar[Mapping[str, str]] = ContextVar("wuji_about")

ExceptionInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def begin(**about: str) -> None:
    """Whatever is logged from here on in this thread or task belongs to this, and no more to what was before."""
    _about.set(about)


def note(**about: str | None) -> None:
    """… and to this too."""
    _about.set({**_about.get({}), **{name: value for name, value in about.items() if value is not None}})


def belongings() -> Mapping[str, str]:
    """What whatever is logged now belongs to."""
    return _about.get({})


@contextmanager
def about(**fields: str) -> Iterator[None]:
    """What is logged within belongs to this."""
    before = _about.set({**_about.get({}), **fields})
    try:
        yield
    finally:
        _about.reset(before)


class _Belongs(logging.Filter):
    """Adds to each line what it belongs to."""

    def filter(self, record: logging.LogRecord) -> bool:
        for name, value in _about.get({}).items():
            setattr(record, name, value)
        return True


class _Discreet:
    """An error's own text may repeat a name or a telephone number; its place in the code is what is needed."""

    def formatException(self, ei: ExceptionInfo) -> str:  # noqa: N802 - logging's name
        return VALUES.sub("", logging.Formatter().formatException(ei))


class _Json(_Discreet, JsonFormatter):
    """For programs to read."""


class _Text(_Discreet, logging.Formatter):
    """For people."""


def make_handler(options: Options, stream: TextIO) -> logging.Handler:
    """Writes lines as the options say."""
    handler = logging.StreamHandler(stream)
    handler.addFilter(_Belongs())
    if options.log_format == "json":
        handler.setFormatter(_Json(FIELDS, rename_fields=NAMES, timestamp="time", json_ensure_ascii=False))
    else:
        handler.setFormatter(_Text(TEXT))
    return handler


def start_logging(options: Options) -> None:
    """Once per process, before anything is logged."""
    logging.basicConfig(level=options.log_level.upper(), handlers=[make_handler(options, sys.stderr)], force=True)
    logging.captureWarnings(capture=True)
