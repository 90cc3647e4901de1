"""Outlines for a demo: no ground that there is, drawn from the tree alone, the same each time. Neighbours share their edges: a
place is cut into those below it along straight lines, and all of it is bent together.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

Point = tuple[float, float]
Shape = list[Point]  # convex, without its first point again at the end
Below = Mapping[str, Sequence[str]]
SIZE = 30_000.0  # metres from the middle of a root to its edge
SIDES, ROUNDS = 28, 6
PIECE, FEWEST = 800.0, 6  # metres between two points of an edge, and how many pieces it has at least
# Length of a wave in metres, how far it goes, and its phase: far less than a wave, so that no line meets another.
WAVES = ((41_000.0, 0.9, 2.1), (17_000.0, 2.3, 0.4), (7_100.0, 4.0, 5.0), (3_700.0, 1.2, 3.3))
REACH = 0.035


def draw_outlines(root: str, below: Below) -> Iterator[tuple[str, Shape]]:
    """Code and closed ring of the root and everything below it."""
    around = [2 * math.pi * number / SIDES for number in range(SIDES)]
    whole = [(SIZE * 1.25 * math.cos(turn), SIZE * 0.85 * math.sin(turn)) for turn in around]
    yield from _draw(root, whole, below)


def _draw(code: str, shape: Shape, below: Below) -> Iterator[tuple[str, Shape]]:
    yield code, _bent(shape)
    children = below.get(code, ())
    for child, part in zip(children, cut(shape, len(children)), strict=True):
        yield from _draw(child, part, below)


def cut(shape: Shape, number: int) -> list[Shape]:
    """Into so many parts of about the same size, from west to east."""
    if number < 2:  # noqa: PLR2004 - what is one is not cut
        return [shape] * number
    middles = _spread(shape, number)
    for _ in range(ROUNDS):
        middles = [_middle(part) for part in _nearest(shape, middles)]
    return sorted(_nearest(shape, middles), key=_middle)


def _spread(shape: Shape, number: int) -> list[Point]:
    """Points inside that lie apart from each other."""
    west, east = min(x for x, _ in shape), max(x for x, _ in shape)
    south, north = min(y for _, y in shape), max(y for _, y in shape)
    found: list[Point] = []
    at = 1
    while len(found) < number:
        point = west + (east - west) * _halton(at, 2), south + (north - south) * _halton(at, 3)
        at += 1
        if all(_side(a, b, point) > 0 for a, b in _edges(shape)):
            found.append(point)
    return found


def _halton(number: int, base: int) -> float:
    found, part = 0.0, 1.0
    while number:
        part /= base
        found += part * (number % base)
        number //= base
    return found


def _nearest(shape: Shape, middles: Sequence[Point]) -> list[Shape]:
    """What lies nearer to each than to all others."""
    parts = []
    for here in middles:
        part = shape
        for other in middles:
            if other != here:
                part = _clipped(part, here, other)
        parts.append(part)
    return parts


def _clipped(shape: Shape, here: Point, other: Point) -> Shape:
    """The part of it that is nearer to here."""

    def nearer(point: Point) -> float:
        return math.dist(point, other) ** 2 - math.dist(point, here) ** 2

    kept: Shape = []
    for a, b in _edges(shape):
        before, after = nearer(a), nearer(b)
        if before >= 0:
            kept.append(a)
        if (before >= 0) != (after >= 0):
            part = before / (before - after)
            kept.append((a[0] + part * (b[0] - a[0]), a[1] + part * (b[1] - a[1])))
    return kept


def _middle(shape: Shape) -> Point:
    """Where its weight lies."""
    whole = x = y = 0.0
    for (a, b), (c, d) in _edges(shape):
        weight = a * d - c * b
        whole += weight
        x += (a + c) * weight
        y += (b + d) * weight
    return x / (3 * whole), y / (3 * whole)


def _bent(shape: Shape) -> Shape:
    ring: Shape = []
    for a, b in _edges(shape):
        pieces = max(FEWEST, round(math.dist(a, b) / PIECE))
        parts = (number / pieces for number in range(pieces))
        ring += [_moved((a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part)) for part in parts]
    return [*ring, ring[0]]


def _moved(point: Point) -> Point:
    x, y = point
    for length, turn, phase in WAVES:
        at = (x * math.cos(turn) + y * math.sin(turn)) * 2 * math.pi / length
        across = (y * math.cos(turn) - x * math.sin(turn)) * 2 * math.pi / length
        x, y = x + length * REACH * math.sin(across + phase), y + length * REACH * math.sin(at - phase)
    return round(x, 1), round(y, 1)


def _edges(shape: Shape) -> Iterator[tuple[Point, Point]]:
    yield from pairwise([*shape, shape[0]])


def _side(a: Point, b: Point, point: Point) -> float:
    return (b[0] - a[0]) * (point[1] - a[1]) - (b[1] - a[1]) * (point[0] - a[0])
