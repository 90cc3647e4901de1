"""Contact and description of a tenant."""

from concurrent.futures import ThreadPoolExecutor

import pytest

SENT = {"contact": "吴桂芳 0562-1234567", "about": "两个村民小组\n一个合作社"}


def test_read_and_write(ask, journal):
    answer = ask("official@village", "GET", "/profile", at="village")
    assert (answer.json, answer.headers["ETag"]) == ({"contact": "", "about": ""}, '"1"')
    answer = ask("official@village", "PUT", "/profile", at="village", version=1, json=SENT)
    assert (answer.json, answer.headers["ETag"]) == (SENT, '"2"')
    assert journal("village")[-1][0] == "tenancy.profile.write"
    assert journal("village")[-1][2] == ["contact", "about"]
    again = ask("official@village", "PUT", "/profile", at="village", version=2, json=SENT)
    assert (again.status_code, again.headers["ETag"]) == (200, '"2"')
    assert len([row for row in journal("village") if row[0] == "tenancy.profile.write"]) == 1


def test_who(ask):
    assert ask("clerk", "GET", "/profile", at="village").status_code == 200
    for who, status in (("clerk", 403), ("resident", 403), ("official@sibling", 404), ("anonymous", 401)):
        assert ask(who, "PUT", "/profile", at="village", version=1, json=SENT).status_code == status, who


def test_versions(ask):
    for version, status in ((None, 428), (9, 412), (1, 200), (1, 412)):
        assert (
            ask("official@village", "PUT", "/profile", at="village", version=version, json=SENT).status_code == status
        )


def test_two_people_save_at_once(ask):
    def send(number):
        sent = {"contact": str(number), "about": ""}
        return ask("official@village", "PUT", "/profile", at="village", version=1, json=sent).status_code

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(send, range(4))) == [200, 412, 412, 412]


@pytest.mark.parametrize(
    ("sent", "pointer"),
    [
        ({"contact": "x" * 201, "about": ""}, "#/contact"),
        ({"contact": "a\nb", "about": ""}, "#/contact"),
        ({"contact": "\x00", "about": ""}, "#/contact"),
        ({"contact": "", "about": "长" * 2001}, "#/about"),
        ({"contact": "", "about": "\x00"}, "#/about"),
        ({"contact": "", "about": None}, "#/about"),
        ({"contact": ""}, "#/about"),
        ({"contact": "", "about": "", "theme": {}}, "#/theme"),
    ],
)
def test_bad_input(ask, faults, sent, pointer):
    assert pointer in faults(ask("official@village", "PUT", "/profile", at="village", version=1, json=sent))
