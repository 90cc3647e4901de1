"""Lists: server-side paging by key, sorting, filters, a capped total; declared once, shown and exported from the same rows."""

from collections.abc import Mapping
from typing import Any

from wuji.kit.http.columns import Asker, Column, List, Rows
from wuji.kit.http.request import Call
from wuji.kit.http.route import Feature
from wuji.kit.http.rows import read_page

__all__ = ["Asker", "Column", "List", "Rows", "serve_list"]


def serve_list(feature: Feature, path: str, list_: List, operation: str, summary: str) -> None:
    """GET at `path` answers one page of the list."""

    def handler(call: Call, asked: Mapping[str, Any]) -> dict[str, Any]:
        return read_page(call.session, list_, asked)

    handler.__name__, handler.__doc__ = operation, summary
    feature.lists.append(list_)
    serve = feature.route(
        "GET", path, permission=list_.permission, sensitive=list_.sensitive, query=list_.query(), answer=list_.page()
    )
    serve(handler)
