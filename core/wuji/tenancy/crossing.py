"""Whether lines of an outline cross. A grid keeps near lines together, so that real outlines take a moment; one that is tangled
on purpose is given up instead of being worked through.
"""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

Point = tuple[float, float]
Place = tuple[int, int]  # which ring, which line of it
WORK = 2_000_000  # of comparisons, and of fields of the grid: an outline of 20,000 points takes a tenth


def find_crossing(rings: Sequence[Sequence[Point]]) -> tuple[Place, Place] | Literal["tangled"] | None:
    """Two lines that cross inside, by ring and number; lines that only touch do not."""
    lines = [(a, b, (number, at)) for number, ring in enumerate(rings) for at, (a, b) in enumerate(pairwise(ring))]
    west, south = (min(min(a[axis], b[axis]) for a, b, _ in lines) for axis in (0, 1))
    east, north = (max(max(a[axis], b[axis]) for a, b, _ in lines) for axis in (0, 1))
    size = math.sqrt(len(lines))
    across, up = size / ((east - west) or 1), size / ((north - south) or 1)
    grid: dict[tuple[int, int], list[tuple[Point, Point, Place]]] = {}
    work = 0
    for line in lines:
        (x, y), (c, d), _ = line
        columns = range(int((min(x, c) - west) * across), int((max(x, c) - west) * across) + 1)
        rows = range(int((min(y, d) - south) * up), int((max(y, d) - south) * up) + 1)
        work += len(columns) * len(rows)
        if work > WORK:
            return "tangled"
        for field in ((column, row) for column in columns for row in rows):
            here = grid.setdefault(field, [])
            work += len(here)
            if work > WORK:
                return "tangled"
            for other in here:
                if _cross(*line[:2], *other[:2]):
                    return other[2], line[2]
            here.append(line)
    return None


def _cross(a: Point, b: Point, c: Point, d: Point) -> bool:
    return _side(a, b, c) * _side(a, b, d) < 0 and _side(c, d, a) * _side(c, d, b) < 0


def _side(a: Point, b: Point, c: Point) -> int:
    """On which side of the line from a to b: 1, -1, or 0 upon it."""
    found = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
    return (found > 0) - (found < 0)
