"""Rate limits over HTTP, with a real Valkey: who is counted, what one too many is told, and who is never asked about."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from wuji.kit.http.limits import UNSAFE
from wuji_agri_tips.testing import published


def statuses(answers):
    return [answer.status_code for answer in answers]


def test_one_too_many_is_told_when_to_come_back(counted):
    assert statuses(counted.guess() for _ in range(6)) == [404] * 6
    answer = counted.guess()
    assert answer.status_code == 429
    assert answer.content_type == "application/problem+json"
    assert answer.json["type"] == "urn:wuji:problem:kit.too_many"
    seconds = answer.headers["Retry-After"]
    assert 1 <= int(seconds) <= 10  # one of six comes back every ten seconds
    assert answer.headers["RateLimit"] == f'"anonymous";r=0;t={seconds}'
    assert answer.headers["RateLimit-Policy"] == '"anonymous";q=6;w=60'
    assert f"{seconds} seconds" in answer.json["detail"]
    said = counted.guess(headers={"Accept-Language": "zh-CN"}).json["detail"]
    assert said.startswith("请在 ")
    assert "秒后再试" in said


def test_only_one_too_many_shows_that_there_is_a_limit(counted):
    answers = [counted.guess(), counted.ask("anonymous", "GET", counted.at("village", ""))]
    assert not [name for answer in answers for name, _ in answer.headers if name.lower().startswith("ratelimit")]


def test_an_address_is_a_subscriber_and_nobody_else_is_slowed(counted):
    for _ in range(7):
        counted.guess()
    neighbour = counted.address.removesuffix("1") + "2"  # the same subscriber of IPv6
    assert counted.guess(address=neighbour).status_code == 429
    assert counted.guess(address="192.0.2.77").status_code == 404
    assert counted.guess("resident").status_code == 404  # who has an account is not counted with the address
    assert counted.ask("anonymous", "GET", counted.at("village", "")).status_code == 200


def test_the_address_is_the_one_that_trusted_proxies_give(serve):
    counted = serve(WUJI_TRUSTED_PROXIES="1")
    for _ in range(7):
        counted.guess(headers={"X-Forwarded-For": "203.0.113.9, 198.51.100.7"})
    assert counted.guess(headers={"X-Forwarded-For": "192.0.2.1, 198.51.100.7"}).status_code == 429
    assert counted.guess(headers={"X-Forwarded-For": "203.0.113.9, 198.51.100.8"}).status_code == 404


def test_an_ended_session_is_no_way_around(counted):
    counted.world.cookie["nobody"] = "made up"
    assert statuses(counted.guess("nobody") for _ in range(8)) == [404] * 6 + [429] * 2


def test_search_is_limited_as_api_and_as_page(counted):
    code = counted.world.code["village"]
    asked = {"q": "水稻", "tenant": code}
    page = f"//{code}/search?q=水稻"
    for _ in range(3):
        assert counted.ask("anonymous", "GET", "/search", query_string=asked).status_code == 200
        assert counted.ask("anonymous", "GET", page).status_code == 200
    assert counted.ask("anonymous", "GET", "/search", query_string=asked).status_code == 429
    html = counted.ask("anonymous", "GET", page, headers={"Accept": "text/html"})
    assert (html.status_code, html.mimetype) == (429, "text/html")
    assert "Too many tries" in html.text
    assert counted.ask("resident", "GET", "/search", query_string=asked).status_code == 200
    typed = [counted.ask("anonymous", "GET", "/suggest", query_string=asked) for _ in range(19)]
    assert statuses(typed) == [200] * 18 + [429]


def test_logins_are_limited_before_the_database_is_asked(counted):
    sent = {"login": f"nobody-{counted.world.mark}", "password": "wrong password"}
    answers = [counted.ask("anonymous", "POST", "/session", json=sent) for _ in range(4)]
    assert statuses(answers) == [401] * 3 + [429]
    assert answers[-1].json["type"] == "urn:wuji:problem:kit.too_many"


def test_exports_and_files_are_limited_per_account(serve):
    counted = serve(WUJI_RATE_LIMITS="4")
    few = {"parent": counted.world.code["street"]}  # a list is written at once where it is short
    sent = {"list": "tenancy.tenants", "format": "csv", "filters": few}

    def export(who):
        return counted.ask(who, "POST", counted.at("village", "/exports"), json=sent).status_code

    assert [export("official@village") for _ in range(2)] == [201, 429]
    assert export("clerk") == 201  # at the same address
    assert [export("resident"), export("resident")] == [403, 403]  # what one may not is no matter of how often


def test_a_file_too_many_is_not_taken(counted):
    path = counted.at("village", "/agri_tips/managed-tips/00000000-0000-7000-8000-000000000000/media?name=a.png")
    sent = {"data": b"x" * 100, "content_type": "application/octet-stream"}
    answers = [counted.ask("clerk", "POST", path, **sent) for _ in range(3)]
    assert statuses(answers)[2] == 429
    assert 429 not in statuses(answers)[:2]


def test_nobody_asks_valkey_about_plain_reads(counted):
    counted.guess()
    before = counted.asked()
    for who in ("anonymous", "resident", "official@village"):
        counted.ask(who, "GET", counted.at("village", ""))
    counted.ask("official@village", "GET", counted.at("village", "/journal"))
    counted.ask("resident", "GET", "/search", query_string={"q": "a", "tenant": counted.world.code["village"]})
    assert counted.asked() == before


def test_what_is_kept_names_nobody_and_goes_with_the_window(counted):
    counted.guess(address="192.0.2.99")
    (name,), (left,) = zip(*counted.kept().items(), strict=True)
    assert name.startswith("wuji:rate:anonymous:")
    assert len(name.rpartition(":")[2]) == 32
    assert 0 < left <= UNSAFE.seconds * 1000 / 6


def test_of_many_at_one_moment_no_more_pass(counted):
    with ThreadPoolExecutor(12) as pool:
        found = sorted(pool.map(lambda _: counted.guess().status_code, range(24)))
    assert found == [404] * 6 + [429] * 18


@pytest.mark.parametrize(
    "options",
    [
        {"WUJI_RATE_LIMITS": "0"},
        {"WUJI_BROKER_URL": "amqp://broker"},
        {"WUJI_BROKER_URL": "redis://127.0.0.1:1/0?visibility_timeout=3600"},  # an option of Celery's
    ],
)
def test_without_limits_or_a_place_to_count_everything_goes_on(serve, options):
    counted = serve(**options)
    assert statuses(counted.guess() for _ in range(10)) == [404] * 10


def test_a_tip_is_not_read_without_end_from_one_address(serve):
    counted = serve(WUJI_RATE_LIMITS="1")  # of two hundred: two
    tips = [published(counted.world, "village") for _ in range(2)]

    def read(tip, **given):
        """As a browser that keeps nothing; the answer is the same whether or not it counts."""
        answer = counted.ask("anonymous", "POST", counted.at("village", f"/agri_tips/tips/{tip}/reads"), **given)
        assert (answer.status_code, "Set-Cookie" in answer.headers) == (204, True)
        return counted.world.one("select sum(reads) from plugin_agri_tips.tip_count where tip_id = %s", tip)

    assert [read(tips[0]) for _ in range(4)] == [1, 2, 2, 2]
    assert read(tips[0], address="192.0.2.77") == 3
    assert read(tips[1]) == 1


def test_beside_another_broker_valkey_is_named(serve, valkey):
    counted = serve(WUJI_BROKER_URL="amqp://broker", WUJI_LIMITS_URL=valkey.broker_url)
    assert statuses(counted.guess() for _ in range(7)) == [404] * 6 + [429]
