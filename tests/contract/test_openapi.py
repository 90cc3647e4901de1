"""The document that outsiders rely on: valid, complete, and stable in its shape."""

import re

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from wuji.app import make_document
from wuji.installation import permissions
from wuji.testing.operations import Operation, read_operations
from wuji.testing.plugins import loaded_plugins

DOCUMENT = make_document()
OPERATIONS = read_operations(DOCUMENT)
NAMES = {p.name for p in permissions(loaded_plugins())}
PARAMETER = re.compile(r"([a-z_]+_id|tenant_code|setting_key|plugin_id)")


def test_is_valid_openapi() -> None:
    assert DOCUMENT["openapi"].startswith("3.1")
    assert not list(OpenAPIV31SpecValidator(DOCUMENT).iter_errors())


def test_operation_ids_are_unique() -> None:
    names = [operation.name for operation in OPERATIONS]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_operation_says_what_it_must(operation: Operation) -> None:
    item = DOCUMENT["paths"][operation.path][operation.method.lower()]
    assert operation.permission in {"account", "public"} | NAMES
    assert item["tags"]
    assert item["summary"] if "summary" in item else item["description"]
    assert operation.answers, "no 2xx answer is documented"
    assert all(PARAMETER.fullmatch(name) for name in operation.parameters)
    assert operation.path.startswith("/api/v1/")
    if operation.at_tenant:
        assert operation.path.startswith("/api/v1/tenants/{tenant_code}")


def test_lists_answer_in_one_shape() -> None:
    pages = {name: schema for name, schema in DOCUMENT["components"]["schemas"].items() if name.endswith("Page")}
    assert pages
    for schema in pages.values():
        assert set(schema["properties"]) == {"items", "next", "total"}
