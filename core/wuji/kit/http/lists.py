"""Lists: server-side paging by key, sorting, filters, a capped total; declared once for pages, exports and charts."""

from collections.abc import Mapping
from typing import Any

from flask import request

from wuji.kit.buckets import Rate
from wuji.kit.http.columns import Asker, Column, List, Rows, level_key
from wuji.kit.http.groups import GroupsOut, groups_query, read_groups
from wuji.kit.http.locale import read_locale
from wuji.kit.http.request import Call
from wuji.kit.http.route import Feature
from wuji.kit.http.rows import read_page

__all__ = ["Asker", "Column", "List", "Rows", "level_key", "serve_list"]
# What everybody may chart: a count costs more than a page.
CHARTS = Rate("kit.charts", 60, 60)


def serve_list(feature: Feature, path: str, list_: List, operation: str, summary: str) -> None:
    """GET at `path` answers one page of the list, and at `path/groups` its rows counted by a column, where one can be and
    its columns have words: those of exported lists do.
    """

    def handler(call: Call, asked: Mapping[str, Any]) -> dict[str, Any]:
        return read_page(call.session, list_, asked)

    handler.__name__, handler.__doc__ = operation, summary
    feature.lists.append(list_)
    serve = feature.route(
        "GET", path, permission=list_.permission, sensitive=list_.sensitive, query=list_.query(), answer=list_.page()
    )
    serve(handler)
    if list_.grouped and (list_.exported or list_.outside):
        _serve_groups(feature, path, list_, operation, summary)


def _serve_groups(feature: Feature, path: str, list_: List, operation: str, summary: str) -> None:
    def handler(call: Call, asked: Mapping[str, Any]) -> dict[str, Any]:
        return read_groups(call.session, list_, asked, call.deployment.texts, read_locale(request))

    handler.__name__ = operation.replace("list_", "group_", 1)
    handler.__doc__ = f"{summary} Counted by a column, at most fifty groups of 100,000 rows."
    serve = feature.route(
        "GET",
        f"{path}/groups",
        permission=list_.permission,
        sensitive=list_.sensitive,
        query=groups_query(list_),
        answer=GroupsOut,
        rate=CHARTS if list_.permission == "public" else None,
    )
    serve(handler)
