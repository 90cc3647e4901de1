"""Outlines and maps over HTTP."""

from codecs import BOM_UTF8
from collections.abc import Mapping
from typing import Any

import msgspec
from flask import request

from wuji.kit.http.etag import asked_version
from wuji.kit.http.request import Call
from wuji.kit.http.route import Answer
from wuji.kit.http.upload import MEGABYTE, Judge, Upload
from wuji.kit.problem import Problem
from wuji.tenancy.geometry import read_outline
from wuji.tenancy.routes.feature import feature
from wuji.tenancy.schemas.boundaries import BoundaryImportOut, BoundaryImportQuery, BoundaryIn, BoundaryOut, MapOut
from wuji.tenancy.services.boundaries import (
    import_boundaries,
    put_boundary,
    read_features,
    read_map,
    remove_boundary,
    show_outline,
)

PATH = "/tenants/<tenant_code>/boundary"
WRITE = "tenancy.profile.write"  # like all that a tenant says of itself
MOST = 8 * MEGABYTE


def shown(call: Call) -> Answer:
    outline = show_outline(call.session)
    return Answer(outline, version=outline["version"])


@feature.route("GET", PATH, permission="public", answer=BoundaryOut)
def show_boundary(call: Call) -> Answer:
    """The outline of a tenant as it was given; without one, nothing and version 0."""
    return shown(call)


@feature.route("PUT", PATH, permission=WRITE, body=BoundaryIn, answer=BoundaryOut)
def set_boundary(call: Call, asked: Mapping[str, Any]) -> Answer:
    """Draw the outline, or draw it anew; If-Match "0" where there is none yet."""
    outline = read_outline(asked["geojson"], asked["frame"], "#/geojson")
    put_boundary(call.session, outline, approved=asked["approved"], version=asked_version(request))
    return shown(call)


@feature.route("DELETE", PATH, permission=WRITE)
def unset_boundary(call: Call) -> None:
    """Take the outline away; with If-Match, only the one that was seen."""
    remove_boundary(call.session, asked_version(request) if request.if_match else None)


@feature.route("GET", "/tenants/<tenant_code>/map", permission="public", answer=MapOut)
def show_map(call: Call) -> Answer:
    """Simplified outlines of the tenants right below."""
    return Answer(read_map(call.session), tagged=True)


def _judge(_call: Call) -> Judge:
    return lambda _head: MOST


@feature.route(
    "POST",
    "/tenants/<tenant_code>/boundary-imports",
    permission=WRITE,
    upload=_judge,
    query=BoundaryImportQuery,
    answer=BoundaryImportOut,
)
def add_boundaries(call: Call, asked: Mapping[str, Any], upload: Upload) -> Mapping[str, Any]:
    """Outlines of many tenants of the subtree from one FeatureCollection, matched by code or name; all of it or nothing."""
    try:
        sent = msgspec.json.decode(upload.stream.read().removeprefix(BOM_UTF8))
    except UnicodeError as error:
        raise Problem("tenancy.not_utf8", 422) from error
    except (msgspec.DecodeError, RecursionError) as error:
        raise Problem("tenancy.not_geojson", 422, reason=str(error)[:200]) from error
    features = read_features(sent, asked["frame"])
    return import_boundaries(call.session, features, approved=asked["approved"], replace=asked["replace"])
