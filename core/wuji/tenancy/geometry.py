"""Outlines as GeoJSON has them (RFC 7946): checked ring by ring, with what is wrong said where it stands, and made small for
maps of many places at once.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

from wuji.kit.problem import Fault, invalid
from wuji.tenancy.crossing import find_crossing

POINTS, RINGS, FEW = 20_000, 500, 300
# Degrees, or metres of a drawing: what a coordinate may be, and how many decimals are kept (a centimetre).
LIMITS = {"wgs84": (180.0, 90.0, 7), "gcj02": (180.0, 90.0, 7), "plan": (1e7, 1e7, 2)}
LEAST = 4  # points of a ring, the last being the first again

Point = tuple[float, float]
Ring = list[Point]
Polygon = list[Ring]


class Box(NamedTuple):
    """West, south, east, north."""

    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True)
class Outline:
    """A checked outline."""

    polygons: list[Polygon]
    frame: str

    @property
    def box(self) -> Box:
        xs, ys = zip(*(point for polygon in self.polygons for point in polygon[0]), strict=True)
        return Box(min(xs), min(ys), max(xs), max(ys))

    @property
    def geometry(self) -> dict[str, Any]:
        return say_geometry(self.polygons)

    @property
    def overview(self) -> dict[str, Any]:
        """With at most a few hundred points. They are put on a grid that depends on the size alone, not on where an outline
        begins: what two neighbours have in common stays in common.
        """
        box = self.box
        step = 2.0 ** math.floor(math.log2(max(box.east - box.west, box.north - box.south) / 512))
        small = self.polygons
        while sum(len(ring) for polygon in small for ring in polygon) > FEW:
            small = [polygon for polygon in (_coarser(polygon, step) for polygon in self.polygons) if polygon]
            step *= 2
        return say_geometry(small)

    @property
    def centre(self) -> Point:
        """Where a name stands: inside, in the middle of the widest stretch across the middle of the largest part."""
        polygon = max(self.polygons, key=lambda one: abs(area(one[0])))
        ys = [y for _, y in polygon[0]]
        low, high = min(ys), max(ys)
        stretches = [
            (right - left, (left + right) / 2, y)
            for y in (low + (high - low) * part for part in (0.5, 0.42, 0.58, 0.34, 0.66))
            for left, right in _inside(polygon, y)
        ]
        _, x, y = max(stretches, default=(0.0, *polygon[0][0]))
        return _rounded((x, y), self.frame)


def read_outline(sent: object, frame: str, at: str) -> Outline:
    """Of a Polygon or MultiPolygon, alone, as a Feature, or as the only one of a FeatureCollection. Raises 422 that names the
    ring.
    """
    geometry, at = _geometry(sent, at)
    kind, found = geometry.get("type"), geometry.get("coordinates")
    at = f"{at}/coordinates"
    if not isinstance(kind, str) or kind not in {"Polygon", "MultiPolygon"}:
        raise invalid(Fault(at.removesuffix("coordinates") + "type", "tenancy.invalid.geometry_type"))
    parts = [(found, at)] if kind == "Polygon" else list(_each(found, at))
    rings = [(list(_each(part, here)), here) for part, here in parts]
    if not rings or not all(some for some, _ in rings):
        raise invalid(Fault(at, "tenancy.invalid.no_ring"))
    if sum(len(some) for some, _ in rings) > RINGS:
        raise invalid(Fault(at, "tenancy.invalid.rings", {"most": RINGS}))
    sizes = sum(len(ring) for some, _ in rings for ring, _ in some if isinstance(ring, list))
    if sizes > POINTS:
        raise invalid(Fault(at, "tenancy.invalid.outline_points", {"most": POINTS, "number": sizes}))
    polygons = [[_ring(ring, frame, here) for ring, here in some] for some, _ in rings]
    _refuse_crossing(polygons, [[here for _, here in some] for some, _ in rings], at)
    return Outline(polygons, frame)


def area(ring: Ring) -> float:
    """Signed; from its first point, so that a small ring far from the origin keeps its digits."""
    x0, y0 = ring[0]
    return sum((x - x0) * (b - y0) - (a - x0) * (y - y0) for (x, y), (a, b) in pairwise(ring)) / 2


def say_geometry(polygons: Sequence[Polygon]) -> dict[str, Any]:
    """As GeoJSON."""
    if len(polygons) == 1:
        return {"type": "Polygon", "coordinates": polygons[0]}
    return {"type": "MultiPolygon", "coordinates": list(polygons)}


def _geometry(sent: object, at: str) -> tuple[Mapping[str, Any], str]:
    if isinstance(sent, Mapping) and sent.get("type") == "FeatureCollection":
        features = sent.get("features")
        if not isinstance(features, list) or len(features) != 1:
            raise invalid(Fault(f"{at}/features", "tenancy.invalid.one_feature"))
        sent, at = features[0], f"{at}/features/0"
    if isinstance(sent, Mapping) and sent.get("type") == "Feature":
        sent, at = sent.get("geometry"), f"{at}/geometry"
    if not isinstance(sent, Mapping):
        raise invalid(Fault(at, "tenancy.invalid.geometry_type"))
    return sent, at


def _each(sent: object, at: str) -> Iterator[tuple[object, str]]:
    if not isinstance(sent, list):
        raise invalid(Fault(at, "tenancy.invalid.coordinates"))
    for number, one in enumerate(sent):
        yield one, f"{at}/{number}"


def _ring(sent: object, frame: str, at: str) -> Ring:
    ring = [_point(one, frame, here) for one, here in _each(sent, at)]
    if len(ring) < LEAST:
        raise invalid(Fault(at, "tenancy.invalid.ring_short", {"least": LEAST}))
    if ring[0] != ring[-1]:
        raise invalid(Fault(at, "tenancy.invalid.ring_open"))
    ring = [point for point, before in zip(ring, [None, *ring], strict=False) if point != before]
    if len(ring) < LEAST or not area(ring):
        raise invalid(Fault(at, "tenancy.invalid.ring_flat"))
    return ring


def _point(sent: object, frame: str, at: str) -> Point:
    match sent:
        case [float() | int() as x, float() | int() as y, *_] if not isinstance(x, bool) and not isinstance(y, bool):
            across, up, _ = LIMITS[frame]
            if abs(x) <= across and abs(y) <= up:  # neither holds of what is no number
                return _rounded((x, y), frame)
            swapped = abs(y) <= across and abs(x) <= up
            key = "tenancy.invalid.swapped" if swapped else "tenancy.invalid.out_of_range"
            raise invalid(Fault(at, key, {"across": f"{across:g}", "up": f"{up:g}"}))
    raise invalid(Fault(at, "tenancy.invalid.coordinates"))


def _rounded(point: tuple[float, float], frame: str) -> Point:
    decimals = LIMITS[frame][2]
    return round(float(point[0]), decimals), round(float(point[1]), decimals)


def _refuse_crossing(polygons: Sequence[Polygon], places: Sequence[Sequence[str]], at: str) -> None:
    rings = [
        (ring, place)
        for polygon, here in zip(polygons, places, strict=True)
        for ring, place in zip(polygon, here, strict=True)
    ]
    found = find_crossing([ring for ring, _ in rings])
    if found == "tangled":
        raise invalid(Fault(at, "tenancy.invalid.ring_tangled"))
    if found:
        (ring, first), (later, second) = found
        if ring == later:
            said = {"first": first, "second": second}
            raise invalid(Fault(rings[ring][1], "tenancy.invalid.ring_crosses", said))
        said = {"first": second, "second": first}
        raise invalid(Fault(rings[later][1], "tenancy.invalid.rings_cross", said))


def _coarser(polygon: Polygon, step: float) -> Polygon:
    found: Polygon = []
    for ring in polygon:
        snapped = [(round(x / step) * step, round(y / step) * step) for x, y in ring]
        kept = [point for point, before in zip(snapped, [None, *snapped], strict=False) if point != before]
        if len(kept) >= LEAST and area(kept):
            found.append(_straightened(kept))
        elif not found:
            return []  # too small to be seen
    return found


def _straightened(ring: Ring) -> Ring:
    """Without points that lie on the line between their neighbours."""
    kept = [ring[0]]
    for at, after in pairwise(ring[1:]):
        (x, y), (a, b), (c, d) = kept[-1], at, after
        if (a - x) * (d - y) != (c - x) * (b - y):
            kept.append(at)
    return [*kept, ring[-1]]


def _inside(polygon: Polygon, y: float) -> Iterator[tuple[float, float]]:
    """The stretches of a line across that lie inside."""
    xs = sorted(
        x + (y - b) * (c - x) / (d - b) for ring in polygon for (x, b), (c, d) in pairwise(ring) if (b > y) != (d > y)
    )
    yield from zip(xs[::2], xs[1::2], strict=False)
