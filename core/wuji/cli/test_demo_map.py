"""Outlines that are made up for a demo are ones that a tenant could have."""

from wuji.cli.demo_map import draw_outlines
from wuji.tenancy.geometry import area, read_outline

BELOW = {"c": [f"d{n}" for n in range(4)]}
BELOW |= {f"d{n}": [f"d{n}s{m}" for m in range(n * 8 + 1)] for n in range(4)}
BELOW["d3s0"] = ["one"]


def test_every_place_has_an_outline_and_neighbours_share_the_ground() -> None:
    drawn = dict(draw_outlines("c", BELOW))
    assert drawn == dict(draw_outlines("c", BELOW))
    assert set(drawn) == {"c", *(child for children in BELOW.values() for child in children)}
    for code, ring in drawn.items():
        outline = read_outline({"type": "Polygon", "coordinates": [[list(point) for point in ring]]}, "plan", "#")
        assert len(outline.polygons[0][0]) > 20, code
    for code, children in BELOW.items():
        whole, parts = abs(area(drawn[code])), sum(abs(area(drawn[child])) for child in children)
        assert abs(whole - parts) < whole / 200, code
