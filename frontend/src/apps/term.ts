// The solar term of a day: how far the sun has come since the spring equinox, in steps of fifteen degrees. Good to a few minutes, which
// is enough for a day (Meeus, Astronomical Algorithms, ch. 25).

const day = 86_400_000
const epoch = Date.UTC(2000, 0, 1, 12)
const radians = Math.PI / 180
/** Terms are days of China's own time, wherever a screen hangs. */
const china = 8 * 3_600_000

function sunAt(at: number): number {
  const century = (at - epoch) / day / 36_525
  const mean = 280.46646 + 36_000.76983 * century
  const anomaly = (357.52911 + 35_999.05029 * century) * radians
  const centre = (1.914602 - 0.004817 * century) * Math.sin(anomaly) + 0.019993 * Math.sin(2 * anomaly) + 0.000289 * Math.sin(3 * anomaly)
  const seen = mean + centre - 0.00569 - 0.00478 * Math.sin((125.04 - 1934.136 * century) * radians)
  return ((seen % 360) + 360) % 360
}

/** 0 is the spring equinox, 23 the term before it: the one that began on this day (as 2026-07-23) or last before it. */
export function termOf(date: string): number {
  const end = Date.parse(`${date}T00:00:00Z`) + day - china - 1
  return Math.floor(sunAt(end) / 15)
}
