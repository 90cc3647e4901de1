"""Where a request comes from, with and without proxies of the operator's own before web."""

import pytest
from flask import request

from wuji.app import create_app
from wuji.assembly import unopened_deployment
from wuji.kit.options import load

SENT = {"X-Forwarded-For": "192.0.2.9, 198.51.100.7", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "city.example"}


@pytest.mark.parametrize(
    ("hops", "seen"),
    [
        ("0", ("127.0.0.1", "http", "localhost")),
        ("1", ("198.51.100.7", "https", "city.example")),
        ("2", ("192.0.2.9", "http", "localhost")),  # two are believed only where two have written
    ],
)
def test_only_as_many_proxies_are_believed_as_there_are(hops, seen):
    app = create_app(unopened_deployment(load({"WUJI_TRUSTED_PROXIES": hops})))
    found = []
    app.before_request(lambda: found.append((request.remote_addr, request.scheme, request.host)))
    app.test_client().get("/healthz/live", headers=SENT)
    assert found == [seen]
