"""An alarm in words."""

from typing import NamedTuple

from wuji_station_watch.texts import say


class Said(NamedTuple):
    """What an alarm is about."""

    kind: str
    measure: str
    value: float
    bound: float


def say_alarm(locale: str, alarm: Said, device: str | None) -> str:
    """“1 号计数器没有声音，42 分钟没有上报”: the number as it was last, with its unit."""
    known = bool(alarm.measure)
    return say(
        locale,
        f"alarm_says.{alarm.kind}",
        device=device or "",
        value=f"{alarm.value:.1f}".removesuffix(".0"),
        bound=f"{alarm.bound:g}",
        measure=say(locale, f"measure.{alarm.measure}") if known else "",
        unit=say(locale, f"unit.{alarm.measure}") if known else "",
    )
