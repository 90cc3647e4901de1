"""The isolation matrix: every operation of the document × ten people × own, foreign and absent ids.

What each cell must answer follows from the operation's permission and from who holds what where; nobody lists cells by hand.
"""

import json
import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv6Address
from itertools import product
from secrets import randbits
from typing import Any

from flask import Flask
from jsonschema import Draft202012Validator
from werkzeug.test import Client, TestResponse

from wuji.testing.calling import client_of
from wuji.testing.fingerprint import fingerprint
from wuji.testing.operations import Operation, bodies, find_parameter, needs, places, queries, uploads
from wuji.testing.world import ANONYMOUS, PEOPLE, World

ASKING = (
    ANONYMOUS,
    "member",
    "resident",
    "official@village",
    "official@street",
    "official@grid",
    "official@sibling",
    "official@other",
    "suspended",
    "expired",
    "operator",
)
AT, ELSEWHERE = "village", "other"
PASSING = {"Date", "X-Request-Id"}  # headers that differ from answer to answer
OK = 200


class Leak(AssertionError):  # noqa: N818 - what the matrix looks for
    """A cell answered what it must not."""


@dataclass(frozen=True)
class Matrix:
    """One application under test."""

    app: Flask
    document: Mapping[str, Any]

    def check(self, operation: Operation, make_world: Any) -> int:
        """Asks one operation as everybody; raises Leak at the first wrong answer. Returns how many cells were asked."""
        world = self._prepared(operation, make_world)
        asked = 0
        # rows that ids need are there before anything is compared
        for who, which in product(ASKING, which_ids(operation)):
            make_ids(world, operation, who, which)
        before = fingerprint(world)
        for who in ASKING:
            refused = expected_refusal(world, operation, who)
            if refused:
                asked += self._refused(world, operation, who, refused)
            elif operation.parameters:
                asked += self._hidden(world, operation, who)
        if fingerprint(world) != before:
            raise Leak(f"{operation.name}: somebody who was refused changed something")
        for who in ASKING:
            if not expected_refusal(world, operation, who):
                self._allowed(world if operation.safe else self._prepared(operation, make_world), operation, who)
                asked += 1
        return asked

    def _prepared(self, operation: Operation, make_world: Any) -> World:
        world: World = make_world()
        if operation.name in needs:
            needs[operation.name](world)
        return world

    def _refused(self, world: World, operation: Operation, who: str, status: int) -> int:
        """Own, foreign and absent: one status for all, and where that is 404, one answer for a tenant that is not there."""
        answers = {which: self.send(world, operation, who, which) for which in which_ids(operation)}
        for which, (response, _values) in answers.items():
            if response.status_code != status:
                raise Leak(f"{operation.name} as {who} with {which} id: {response.status_code}, expected {status}")
        if operation.at_tenant and status in {401, 404}:
            there = self.send(world, operation, who, "own")
            absent = self.send(world, operation, who, "own", code="0" * len(world.code[place(operation)]))
            same(operation, who, there, absent)
        return len(answers)

    def _hidden(self, world: World, operation: Operation, who: str) -> int:
        """Foreign and absent are the same bytes."""
        foreign, absent = (self.send(world, operation, who, which) for which in ("foreign", "absent"))
        for response, _values in (foreign, absent):
            if response.status_code != 404:  # noqa: PLR2004
                raise Leak(f"{operation.name} as {who}: {response.status_code} for an id that is not theirs")
        same(operation, who, foreign, absent)
        return 2

    def _allowed(self, world: World, operation: Operation, who: str) -> None:
        response, _values = self.send(world, operation, who, "own")
        if response.status_code not in operation.answers:
            raise Leak(f"{operation.name} as {who}: {response.status_code} {response.get_data(as_text=True)[:500]}")
        schema = operation.answers[response.status_code]
        if schema:
            whole = {**schema, "components": self.document["components"]}
            Draft202012Validator(whole).validate(json.loads(response.data))

    def send(
        self, world: World, operation: Operation, who: str, which: str, code: str | None = None
    ) -> tuple[TestResponse, dict[str, str]]:
        """One call over HTTP, and the values its address was made from."""
        values = make_ids(world, operation, who, which)
        if operation.at_tenant:
            values["tenant_code"] = code or world.code[place(operation)]
        client = self.client(world, who)
        headers = {"X-Wuji-Request": "1", "Accept-Language": "en"}
        if operation.method in {"PUT", "PATCH"} and not operation.safe:
            headers["If-Match"] = '"1"'
        sent: dict[str, Any] = {"json": bodies[operation.body](world, who)} if operation.body else {}
        if operation.uploads:
            sent = {"data": uploads[operation.name](), "content_type": "application/octet-stream"}
        # each call from somewhere else: how often an address may try is counted for all tests together
        origin = {"REMOTE_ADDR": str(IPv6Address(0xFD << 120 | randbits(56) << 64 | 1))}
        response = client.open(
            operation.url(values),
            method=operation.method,
            headers=headers,
            query_string={
                name: value.replace("{tenant_code}", world.code[place(operation)])
                for name, value in queries.get(operation.name, {}).items()
            },
            **sent,
            environ_overrides=origin,
            buffered=True,  # a file that is served is open until its answer is read
        )
        return response, values

    def client(self, world: World, who: str) -> Client:
        return client_of(self.app, world, who)


def which_ids(operation: Operation) -> tuple[str, ...]:
    return ("own", "foreign", "absent") if operation.parameters else ("own",)


def make_ids(world: World, operation: Operation, who: str, which: str) -> dict[str, str]:
    """The same each time: an id that is made anew would change what is compared."""
    for name in operation.parameters:
        if (name, who, which) not in world.ids:
            world.ids[name, who, which] = make_id(world, operation, name, who, which)
    return {name: world.ids[name, who, which] for name in operation.parameters}


def place(operation: Operation) -> str:
    """Where it is asked."""
    return places.get(operation.name, AT)


def make_id(world: World, operation: Operation, name: str, who: str, which: str) -> str:
    """Raises KeyError for a parameter without a factory: the matrix covers what nobody listed, or fails."""
    made, at = find_parameter(operation.name, name), place(operation)
    if made is None:
        raise KeyError(name)
    elsewhere = ELSEWHERE if at != ELSEWHERE else AT
    match which:
        case "own":
            return made.make(world, who, at)
        case "foreign":  # of somewhere else; to whoever is at home there, of here
            there = at if who == f"official@{elsewhere}" and not made.shared else elsewhere
            return made.make(world, f"official@{there}", there)
        case _:
            return made.absent()


def expected_refusal(world: World, operation: Operation, who: str) -> int | None:
    """The status of a refusal, or None where the operation itself decides."""
    if operation.permission == "public":
        return None
    if who in {ANONYMOUS, "suspended"}:
        return 401
    if operation.permission == "account":
        return None
    held = dict(_held(world, who, operation))
    if any(operation.permission in permissions for permissions in held.values()):
        return None
    return 403 if held else 404


def _held(world: World, who: str, operation: Operation) -> Iterator[tuple[str | None, set[str]]]:
    """(tenant, permissions) of each live grant that covers the acting tenant; the operator's only where there is none."""
    path = world.path(place(operation)) if operation.at_tenant else []
    for person, tenant, role in PEOPLE:
        covers = tenant in path if operation.at_tenant else tenant is None
        if person == who and covers:
            yield tenant, set(world.one("select permissions from wuji.role where id = %s", world.role[role]))


def same(
    operation: Operation, who: str, one: tuple[TestResponse, dict[str, str]], other: tuple[TestResponse, dict[str, str]]
) -> None:
    """Byte for byte, once every id that was asked for is replaced by a placeholder in the address that the answer repeats.

    Numbers have ids of different lengths, so the length that the header tells is counted anew.
    """
    first, second = _plain(*one), _plain(*other)
    if first != second:
        raise Leak(f"{operation.name} as {who}: foreign and absent differ\n{first}\n{second}")


def _plain(response: TestResponse, values: Mapping[str, str]) -> tuple[int, list[tuple[str, str]], bytes]:
    data, headers = response.data.decode("latin-1"), [(k, v) for k, v in response.headers if k not in PASSING]
    if ("Content-Length", str(len(data))) not in headers:
        raise Leak(f"the length of the answer is not told as it is: {headers}")
    for value in values.values():
        segment = re.compile(rf"(?<=/){re.escape(value)}(?![^/\"?])")
        data = segment.sub("?", data)
        headers = [(k, segment.sub("?", v)) for k, v in headers if k != "Content-Length"]
    return response.status_code, headers, data.encode("latin-1")


def number() -> str:
    """A name that nothing has yet."""
    return uuid.uuid4().hex[:12]
