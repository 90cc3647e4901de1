"""How a day goes at a station: who comes and goes by the hour, and what the air is like. The same for the same seed."""

from dataclasses import dataclass, field
from math import cos, exp, pi
from random import Random

DAY = 24 * 60
# People that come in an hour for each place there is: quiet mornings, a peak at noon, one after work.
PEAKS = ((9.5, 1.2, 0.5), (12.3, 0.9, 1.1), (17.8, 1.1, 0.8))  # hour, width, height
OPEN, SHUT = 7.5, 21.5
STAY = 40.0  # minutes that somebody stays
KEPT = 60  # minutes of which it is known who came and went
WEEKEND = 0.7


@dataclass
class Course:
    """One station as it really is. Devices see of it what they count."""

    capacity: int
    chance: Random
    present: int = 0
    doors: int = 1
    rooms: int = 1
    flows: dict[int, tuple[int, int]] = field(default_factory=dict)  # who came and went in a minute, the last few
    minute: int = -1

    def reach(self, minute: int) -> None:
        """Lets the station live on until that minute; a new one begins at midnight, so that it has the people of its hour."""
        if self.minute < 0:
            self.minute = minute - minute % DAY - 1
        while self.minute < minute:
            self.minute += 1
            came, went = self._came(), self._went()
            self.present += came - went
            self.flows[self.minute] = (came, went)
            self.flows.pop(self.minute - KEPT, None)

    def flow(self, since: int) -> tuple[int, int]:
        """Who came and went after that minute."""
        some = [self.flows.get(minute, (0, 0)) for minute in range(since + 1, self.minute + 1)]
        return sum(came for came, _ in some), sum(went for _, went in some)

    def _came(self) -> int:
        hour = self.minute % DAY / 60
        if not OPEN <= hour <= SHUT:
            return 0
        heavy = sum(height * exp(-(((hour - peak) / width) ** 2)) for peak, width, height in PEAKS)
        weekend = WEEKEND if self.minute // DAY % 7 >= 5 else 1.0  # noqa: PLR2004 - Saturday, counted from Monday
        return self._about((0.08 + heavy) * weekend * self.capacity / 60)

    def _went(self) -> int:
        if self.minute % DAY / 60 > SHUT:
            return self.present
        return min(self.present, self._about(self.present / STAY))

    def _about(self, mean: float) -> int:
        """Poisson, as Knuth draws it: means here are small."""
        least, product, number = exp(-mean), self.chance.random(), 0
        while product > least:
            product *= self.chance.random()
            number += 1
        return number


def air(course: Course, chance: Random) -> dict[str, float]:
    """Warmest at three in the afternoon; carbon dioxide follows who is there."""
    hour = course.minute % DAY / 60
    share = course.present / course.capacity
    return {
        "temperature": round(22 + 4 * cos((hour - 15) / 12 * pi) + 2 * share + chance.uniform(-0.3, 0.3), 1),
        "humidity": round(58 - 8 * cos((hour - 15) / 12 * pi) + chance.uniform(-2, 2), 1),
        "co2": round(430 + 900 * share + chance.uniform(-20, 20)),
    }
