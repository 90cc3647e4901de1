"""Nobody sees what is not theirs: the isolation matrix over every operation of the core."""

from collections.abc import Iterator

import pytest
from flask import Flask

from wuji.app import make_document
from wuji.kit.db.model import Model
from wuji.testing import Server, World
from wuji.testing.application import make_app
from wuji.testing.factories import factories
from wuji.testing.matrix import ASKING, Matrix
from wuji.testing.operations import Operation, bodies, find_parameter, read_operations
from wuji.testing.plugins import installed_plugins

DOCUMENT = make_document()
installed_plugins()  # their factories
OPERATIONS = read_operations(DOCUMENT)
# What is no operation: documents and pages, each with the address it is asked at. They are the same for everybody.
PLAIN = {
    "/healthz/live": "/healthz/live",
    "/healthz/ready": "/healthz/ready",
    "/api/v1/openapi.json": "/api/v1/openapi.json",
    "/ui/<name>": "/ui/icon.svg",
    "/sdk/v1/<name>.js": "/sdk/v1/vue.js",
    "/console": "/console",
    "/console/<rest>": "/console/{code}/tree",
    "/screen/<tenant_code>": "/screen/{code}",
    "/tv": "/tv",
    "/tv/<rest>": "/tv/{code}",
    "/": "/",
    "/login": "/login",
    "/join": "/join",
    "/invitation": "/invitation",
    "/link": "/link",
    "/register": "/register",
    "/me": "/me",
    "/me/inbox": "/me/inbox",
    "/me/inbox/settings": "/me/inbox/settings",
    "/unsubscribe": "/unsubscribe",
    "/sw.js": "/sw.js",
    "/manifest.webmanifest": "/manifest.webmanifest",
    "/offline": "/offline",
    "/.well-known/openid-configuration": "/.well-known/openid-configuration",
    "/.well-known/oauth-authorization-server": "/.well-known/oauth-authorization-server",
    "/oauth/jwks": "/oauth/jwks",
    "/<tenant_code>": "/{code}",
    "/<tenant_code>/search": "/{code}/search?q=1",
    "/<tenant_code>/theme.css": "/{code}/theme.css",
}

# Of an operator's programs, by a token of the deployment: tests/functional/watching.
OF_OPERATORS = {"/metrics"}
# Of programs of others and of whom they send, who each see their own: tests/functional/oauth.
OF_PROGRAMS = {"/device", "/login/with/<login_provider_id>", "/login/back/<login_provider_id>"} | {
    f"/oauth/{name}"
    for name in (
        "device_authorization",
        "authorize",
        "consent",
        "introspect",
        "login",
        "login/factor",
        "logout",
        "par",
        "register",
        "register/<client_id>",
        "revoke",
        "token",
        "userinfo",
    )
}
# What plugins publish is theirs to say: tests/functional/governance/test_pages.py.
OF_PLUGINS = {
    "/plugins/<plugin_id>/<version>/<name>",
    "/<tenant_code>/x/<plugin_id>",
    "/<tenant_code>/x/<plugin_id>/<rest>",
}


@pytest.fixture(scope="module")
def matrix(server: Server) -> Iterator[Matrix]:
    app = make_app(server)
    yield Matrix(app, DOCUMENT)
    app.extensions["wuji"].engine.dispose()


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_operation(matrix: Matrix, server: Server, operation: Operation) -> None:
    worlds: list[World] = []

    def make_world() -> World:
        worlds.append(World(server))
        return worlds[-1]

    try:
        assert matrix.check(operation, make_world) >= len(ASKING)
    finally:
        for world in worlds:
            world.close()


def test_every_parameter_body_and_table_has_a_factory() -> None:
    missing = [
        f"parameter {name} of {o.name}" for o in OPERATIONS for name in o.parameters if not find_parameter(o.name, name)
    ]
    missing += [f"body {o.body} of {o.name}" for o in OPERATIONS if o.body and o.body not in bodies]
    missing += [
        f"table {table.fullname}"
        for table in Model.metadata.tables.values()
        if table.info["wall"].kind in {"tenant", "downward", "account", "inbox"} and table.fullname not in factories
    ]
    assert not missing


def test_every_address_is_an_operation_or_named_here(matrix: Matrix) -> None:
    documented = {operation.path.replace("{", "<").replace("}", ">") for operation in OPERATIONS}
    served = {_plain(rule.rule) for rule in matrix.app.url_map.iter_rules()}
    assert served - documented == PLAIN.keys() | OF_OPERATORS | OF_PROGRAMS | OF_PLUGINS


@pytest.mark.parametrize("address", PLAIN.values(), ids=PLAIN)
def test_plain_addresses_are_the_same_for_everybody(matrix: Matrix, world: World, address: str) -> None:
    for code in (world.code["village"], world.code["other"]):
        answers = {_answer(matrix, world, who, address.format(code=code)) for who in ASKING}
        assert len(answers) == 1
        assert {status for status, _ in answers} <= {200}


@pytest.mark.parametrize("address", [address for address in PLAIN.values() if address.startswith("/{code}")])
def test_a_page_of_no_tenant_is_not_found(matrix: Matrix, world: World, address: str) -> None:
    answers = {_answer(matrix, world, who, address.format(code="0" * 12)) for who in ASKING}
    assert {status for status, _ in answers} == {404}
    assert len(answers) == 1


def _answer(matrix: Matrix, world: World, who: str, address: str) -> tuple[int, bytes]:
    with matrix.client(world, who).get(address) as response:
        return response.status_code, response.data


def _plain(rule: str) -> str:
    """/a/<uuid:b_id> as /a/<b_id>."""
    return "/".join(f"<{part[1:-1].partition(':')[2]}>" if ":" in part else part for part in rule.split("/"))


def test_the_matrix_can_fail(world: World, app_that_leaks: Flask) -> None:
    leaking = Matrix(app_that_leaks, DOCUMENT)
    with pytest.raises(AssertionError):
        leaking.check(next(o for o in OPERATIONS if o.name == "show_me"), lambda: world)


@pytest.fixture
def app_that_leaks(server: Server) -> Iterator[Flask]:
    app = make_app(server)
    app.view_functions["identity.show_me"] = lambda: {"account": "of somebody else"}
    yield app
    app.extensions["wuji"].engine.dispose()
