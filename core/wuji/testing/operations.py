"""What the OpenAPI document says can be asked, and how to ask it: one factory per path parameter, one valid body per schema.

A plugin registers its own with the same decorators; an operation whose parameter or body has none fails the isolation matrix.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from wuji.kit.http.openapi import operations
from wuji.testing.world import World

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Operation:
    """One operation of the document."""

    name: str
    method: str
    path: str
    permission: str
    parameters: tuple[str, ...]  # of the path, beside tenant_code
    body: str | None  # name of its schema
    uploads: bool  # its body is a file
    answers: Mapping[int, Json | None]  # documented 2xx status to its schema

    @property
    def safe(self) -> bool:
        return self.method == "GET"

    @property
    def at_tenant(self) -> bool:
        return "{tenant_code}" in self.path

    def url(self, values: Mapping[str, str]) -> str:
        return self.path.format_map(values)


def read_operations(document: Json) -> list[Operation]:
    """Every operation, in the document's order. Raises KeyError where one says less than it must."""
    return [_operation(path, method, item) for path, method, item in operations(dict(document))]


def _operation(path: str, method: str, item: Json) -> Operation:
    in_path = [part[1:-1] for part in path.split("/") if part.startswith("{")]
    content = item.get("requestBody", {}).get("content", {})
    sent = content.get("application/json", {}).get("schema", {})
    answers = {
        int(status): answer.get("content", {}).get("application/json", {}).get("schema")
        for status, answer in item["responses"].items()
        if status.startswith("2")
    }
    return Operation(
        name=item["operationId"],
        method=method.upper(),
        path=path,
        permission=item["x-permission"],
        parameters=tuple(name for name in in_path if name != "tenant_code"),
        body=sent["$ref"].rpartition("/")[2] if sent else None,
        uploads="application/octet-stream" in content,
        answers=answers,
    )


@dataclass(frozen=True)
class Parameter:
    """`make(world, who, tenant)`: an id that `who` may use when acting there; `absent()`: one that nothing has.

    `shared`: whoever acts there may use it, so that only one of elsewhere is foreign.
    """

    make: Callable[[World, str, str], str]
    absent: Callable[[], str]
    shared: bool = False


# Operation to the tenant of the world at which it is asked, where that is not the village.
places: dict[str, str] = {}
# What an operation is sent beside its parameters: a query that makes the call valid ({tenant_code}: where it is asked), a file.
queries: dict[str, dict[str, str]] = {}
uploads: dict[str, Callable[[], bytes]] = {}
# Rows that have to be there, of an operation whose address does not name them.
needs: dict[str, Callable[[World], object]] = {}
# By name, or by operation and name where one needs a row in a state of its own.
parameters: dict[str, Parameter] = {}
bodies: dict[str, Callable[[World, str], dict[str, Any]]] = {}


def parameter(
    name: str, absent: Callable[[], str] = lambda: str(uuid4()), *, of: Sequence[str] = (), shared: bool = False
) -> Callable[[Callable[[World, str, str], str]], Callable[[World, str, str], str]]:
    """Registers how a path parameter is made: `@parameter("tip_id")`; with `of` for these operations alone."""

    def register(make: Callable[[World, str, str], str]) -> Callable[[World, str, str], str]:
        for key in [f"{operation}:{name}" for operation in of] or [name]:
            if key in parameters:
                raise ValueError(f"parameter {key} has a factory already")
            parameters[key] = Parameter(make, absent, shared)
        return make

    return register


def find_parameter(operation: str, name: str) -> Parameter | None:
    """How that operation's parameter is made."""
    return parameters.get(f"{operation}:{name}") or parameters.get(name)


def body(
    schema: str,
) -> Callable[[Callable[[World, str], dict[str, Any]]], Callable[[World, str], dict[str, Any]]]:
    """Registers a valid body of a schema: `@body("TipIn")`. It gets the world and who sends it."""

    def register(make: Callable[[World, str], dict[str, Any]]) -> Callable[[World, str], dict[str, Any]]:
        if schema in bodies:
            raise ValueError(f"schema {schema} has a body already")
        bodies[schema] = make
        return make

    return register
