"""Reads what devices send: measures, units, bounds. Whatever is wrong with one reading costs that reading alone."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import isfinite
from typing import Any

# By measure: the least and most that is believed, and whether it counts people, of whom there are whole numbers.
BOUNDS: Mapping[str, tuple[float, float, bool]] = {
    "in": (0, 10_000, True),
    "out": (0, 10_000, True),
    "present": (0, 100_000, True),
    "temperature": (-60, 80, False),  # °C
    "humidity": (0, 100, False),  # %
    "co2": (0, 40_000, False),  # ppm
    "battery": (0, 100, False),  # %
}
Convert = Callable[[float], float]


def _same(value: float) -> float:
    return value


def _from_fahrenheit(value: float) -> float:
    return round((value - 32) * 5 / 9, 3)


def _from_share(value: float) -> float:
    return value * 100


PEOPLE: Mapping[str, Convert] = {"people": _same}
PERCENT: Mapping[str, Convert] = {"%": _same, "1": _from_share}
# By measure, the units that are understood; the first is that in which it is kept, and meant where none is named.
UNITS: Mapping[str, Mapping[str, Convert]] = {
    "in": PEOPLE,
    "out": PEOPLE,
    "present": PEOPLE,
    "temperature": {"°C": _same, "C": _same, "°F": _from_fahrenheit, "F": _from_fahrenheit},
    "humidity": PERCENT,
    "co2": {"ppm": _same},
    "battery": PERCENT,
}


class WrongError(ValueError):
    """What is wrong with one reading, in one word."""


@dataclass
class Batch:
    """The readings of a batch that can be read, column by column, and what is wrong with the others by their place."""

    places: list[int] = field(default_factory=list)
    measures: list[str] = field(default_factory=list)
    times: list[datetime] = field(default_factory=list)
    numbers: list[float] = field(default_factory=list)
    rejected: list[tuple[int, str]] = field(default_factory=list)


def read_batch(sent: Sequence[Mapping[str, Any]]) -> Batch:
    batch = Batch()
    for place, one in enumerate(sent):
        try:
            measure, at = _measure(one.get("measure")), _time(one.get("at"))
            number = _number(measure, one.get("value"), one.get("unit"))
        except WrongError as error:
            batch.rejected.append((place, str(error)))
            continue
        batch.places.append(place)
        batch.measures.append(measure)
        batch.times.append(at)
        batch.numbers.append(number)
    return batch


def _measure(sent: Any) -> str:
    if not isinstance(sent, str) or sent not in BOUNDS:
        raise WrongError("measure")
    return sent


def _time(sent: Any) -> datetime:
    try:
        at = datetime.fromisoformat(sent)
    except (TypeError, ValueError) as error:
        raise WrongError("time") from error
    if at.tzinfo is None:
        raise WrongError("time")
    try:
        return at.astimezone(UTC)  # RFC 3339 has offsets that PostgreSQL does not take
    except OverflowError as error:
        raise WrongError("time") from error


def _number(measure: str, sent: Any, unit: Any) -> float:
    if isinstance(sent, bool) or not isinstance(sent, int | float) or (isinstance(sent, float) and not isfinite(sent)):
        raise WrongError("value")
    units = UNITS[measure]
    if unit is not None and (not isinstance(unit, str) or unit not in units):
        raise WrongError("unit")
    least, most, whole = BOUNDS[measure]
    if not -1000 * most <= sent <= 1000 * most:  # before it is converted: an integer may have any length
        raise WrongError("range")
    value = units[unit or next(iter(units))](sent)
    if whole and value != int(value):
        raise WrongError("value")
    if not least <= value <= most:
        raise WrongError("range")
    return float(value)
