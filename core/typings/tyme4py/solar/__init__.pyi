from typing import Self

from tyme4py.jd import JulianDay

class SolarTerm:
    @classmethod
    def from_index(cls, year: int, index: int) -> Self: ...
    def get_julian_day(self) -> JulianDay: ...
