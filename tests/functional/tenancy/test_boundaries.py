"""Outlines of tenants: one, all right below as a map, many from one file."""

import json
import math
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pytest


def ring(x=118.0, y=31.0, size=0.1, points=4):
    turns = [2 * math.pi * n / points for n in range(points)]
    round_ = [[x + size * math.cos(turn), y + size * math.sin(turn)] for turn in turns]
    return [*round_, round_[0]]


def polygon(*rings):
    return {"type": "Polygon", "coordinates": list(rings)}


def sent(geometry, frame="wgs84", approved=""):
    return {"geojson": geometry, "frame": frame, "approved": approved}


def feature(geometry, **properties):
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(*features):
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def send_file(ask, content, query="?frame=wgs84", at="street"):
    headers = {"Content-Type": "application/octet-stream"}
    return ask(f"official@{at}", "POST", f"/boundary-imports{query}", at=at, data=BytesIO(content), headers=headers)


def test_draw_show_and_remove(ask, journal):
    nothing = ask("anonymous", "GET", "/boundary", at="village")
    assert (nothing.json["geometry"], nothing.headers["ETag"]) == (None, '"0"')
    drawn = ask("official@village", "PUT", "/boundary", at="village", version=0, json=sent(polygon(ring())))
    assert (drawn.status_code, drawn.headers["ETag"], drawn.json["frame"]) == (200, '"1"', "wgs84")
    seen = ask("anonymous", "GET", "/boundary", at="village").json
    assert seen["bbox"] == pytest.approx([117.9, 30.9, 118.1, 31.1])
    assert seen["centre"] == pytest.approx([118.0, 31.0])
    assert ask("official@village", "DELETE", "/boundary", at="village", version=9).status_code == 412
    assert ask("official@village", "DELETE", "/boundary", at="village", version=1).status_code == 204
    assert ask("anonymous", "GET", "/boundary", at="village").json["version"] == 0
    assert [row[0] for row in journal("village")] == ["tenancy.boundary.put", "tenancy.boundary.remove"]


def test_two_people_draw_at_once(ask):
    def draw(number):
        body = sent(polygon(ring(size=0.1 + number / 100)))
        return ask("official@village", "PUT", "/boundary", at="village", version=0, json=body).status_code

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(draw, range(4))) == [200, 412, 412, 412]
    assert ask("official@village", "PUT", "/boundary", at="village", json=sent(polygon(ring()))).status_code == 428


OPEN, BOW = ring()[:-1], [[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]
HOLE = ring(size=0.05)


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        (sent({"type": "Point", "coordinates": [0, 0]}), "#/geojson/type"),
        (sent({"type": ["Polygon"], "coordinates": []}), "#/geojson/type"),
        (sent(polygon(OPEN)), "#/geojson/coordinates/0"),
        (sent(polygon(ring(), OPEN)), "#/geojson/coordinates/1"),
        (sent(polygon(BOW)), "#/geojson/coordinates/0"),
        (sent(polygon(ring(), ring(x=118.1))), "#/geojson/coordinates/1"),
        (sent(polygon([[0, 0], [1, 1], [0, 0]])), "#/geojson/coordinates/0"),
        (sent(polygon([[0, 0], [1, 1], [2, 2], [0, 0]])), "#/geojson/coordinates/0"),
        (sent(polygon([[31, 118], [31.1, 118], [31, 118.1], [31, 118]])), "#/geojson/coordinates/0/0"),
        (sent(polygon([[0, 0], [200, 0], [0, 1], [0, 0]])), "#/geojson/coordinates/0/1"),
        (sent(polygon([[0, 0], ["1", 0], [0, 1], [0, 0]])), "#/geojson/coordinates/0/1"),
        (sent(polygon([[0, 0], [True, 0], [0, 1], [0, 0]])), "#/geojson/coordinates/0/1"),
        (sent({"type": "Polygon", "coordinates": 7}), "#/geojson/coordinates"),
        (sent({"type": "MultiPolygon", "coordinates": []}), "#/geojson/coordinates"),
        (sent({"type": "MultiPolygon", "coordinates": [[]]}), "#/geojson/coordinates"),
        (sent({"type": "FeatureCollection", "features": []}), "#/geojson/features"),
        (sent(polygon(ring(points=20_001))), "#/geojson/coordinates"),
        (sent(polygon(ring()), frame="mercator"), "#/frame"),
        (sent([1]), "#/geojson"),
    ],
)
def test_what_is_wrong_is_named(ask, faults, body, pointer):
    refused = faults(ask("official@village", "PUT", "/boundary", at="village", version=0, json=body))
    assert list(refused) == [pointer]
    assert not refused[pointer].startswith("tenancy.")


def test_what_is_no_number(ask):
    for number in ("NaN", "1e400", "Infinity"):
        text = json.dumps(sent(polygon(ring()))).replace("31.1", number)
        headers = {"Content-Type": "application/json"}
        answer = ask("official@village", "PUT", "/boundary", at="village", version=0, data=text, headers=headers)
        assert answer.status_code == 400, number


def test_a_map_of_those_below(ask, world):
    for at, x in (("village", 118.0), ("sibling", 118.2)):
        body = sent(
            polygon(ring(x=x, points=5000), ring(x=x, size=0.05)), approved="皖S（2026）1号" if at == "village" else ""
        )
        assert ask(f"official@{at}", "PUT", "/boundary", at=at, version=0, json=body).status_code == 200
    answer = ask("anonymous", "GET", "/map", at="street")
    found = answer.json
    assert [one["id"] for one in found["features"]] == sorted(world.code[at] for at in ("village", "sibling"))
    assert all(sum(map(len, one["geometry"]["coordinates"])) <= 300 for one in found["features"])
    assert (found["frame"], found["approved"]) == ("wgs84", "")
    again = ask("anonymous", "GET", "/map", at="street", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_many_from_one_file(ask, world):
    content = collection(
        feature(polygon(ring()), code=world.code["village"]),
        feature(polygon(ring(x=118.2)), name="nobody"),
        feature(polygon(ring(x=118.4)), id=world.code["sibling"]),
    )
    found = send_file(ask, b"\xef\xbb\xbf" + content).json
    assert {one["code"] for one in found["put"]} == {world.code["village"], world.code["sibling"]}
    assert (found["kept"], [one["name"] for one in found["unmatched"]]) == ([], ["nobody"])
    again = send_file(ask, content).json
    assert (again["put"], len(again["kept"])) == ([], 2)
    assert len(send_file(ask, content, "?frame=wgs84&replace=true").json["put"]) == 2
    assert ask("anonymous", "GET", "/boundary", at="village").json["version"] == 2


def test_a_file_that_cannot_be_taken(ask, faults):
    refused = faults(send_file(ask, collection(feature(polygon(OPEN), name="a"), {"type": "x"})))
    assert set(refused) == {"#/features/0/geometry/coordinates/0", "#/features/1"}
    said = {content: send_file(ask, content).json["type"] for content in ('{"名": 1}'.encode("gbk"), b"{", b"[" * 9000)}
    assert [slug.rpartition(".")[2] for slug in said.values()] == ["not_utf8", "not_geojson", "not_geojson"]
    assert ask("anonymous", "GET", "/map", at="street").json["features"] == []


def test_a_place_that_moves_or_becomes_part_of_another_keeps_its_outline(redraw, world):
    world.run(
        "insert into wuji.boundary(tenant_id, geometry, overview, bbox, centre, frame) "
        "values (%s, '{}', '{}', '[]', '[]', 'plan')",
        world.tenant["village"],
    )
    for wish in (redraw.wish("move", "village", "second"), redraw.wish("merge", "village", "sibling")):
        done = redraw.apply(wish)
        assert done.status_code == 201, done.text
        held = "select count(*) from wuji.boundary b join wuji.tenant t on t.id = b.tenant_id and t.pos = b.pos where t.id = %s"
        assert world.one(held, world.tenant["village"]) == 1
