"""JSON bodies: what cannot be read, or not be written back, is refused before any schema sees it."""

import re
from typing import Any

import msgspec
from flask import Request
from webargs.core import missing
from webargs.flaskparser import FlaskParser, is_json_request
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

SURROGATE = re.compile(rb"\\ud[89a-f]", re.IGNORECASE)


class BodyParser(FlaskParser):
    """webargs' parser on msgspec: the standard library's runs out of stack on a body of brackets."""

    def _raw_load_json(self, req: Request) -> Any:
        sent = req.get_data()
        if req.content_encoding:  # squeezed, a small body would become a huge one
            raise UnsupportedMediaType
        if not is_json_request(req):
            if sent:
                raise UnsupportedMediaType
            return missing
        try:
            found = msgspec.json.decode(sent)
            if SURROGATE.search(sent):  # half a character: it can be neither stored nor said in an error
                msgspec.json.encode(found)
        except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
            raise BadRequest from error
        return found
