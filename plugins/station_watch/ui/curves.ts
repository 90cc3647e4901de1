// What the charts of a station show, from the answers of the API; `say` puts it into words.
import { formatNumber, formatTime } from '@wuji/sdk'
import { type Errors, type Expected, type Slot, type StationWeek } from './stations'
import { type Wall } from './zone'

const quarter = 900_000
const hour = 4 * quarter

type Amount = number | null
type Say = (key: string, values?: Record<string, unknown>) => string

export interface LineOfDay {
  kind: 'line'
  head: string
  at: string[]
  every: number
  series: { name: string; values: Amount[]; look?: 'forecast' | 'earlier' }[]
  band?: { name: string; low: Amount[]; high: Amount[] }
  now?: { index: number; text: string }
  limit?: { value: number; text: string }
}

const timesOf = (slots: readonly Slot[]): Map<number, Amount> => new Map(slots.map(({ at, present }) => [new Date(at).getTime(), present] as const))

/** From the hour in which the first people came to the quarter after the last, of all that is drawn. */
function gridOf(lines: readonly Map<number, Amount>[]): number[] {
  const filled = lines.flatMap((line) => [...line].filter(([, present]) => present !== null && present > 0).map(([time]) => time))
  if (filled.length === 0) return []
  const from = Math.floor(Math.min(...filled) / hour) * hour
  const until = Math.max(...filled) + quarter
  return Array.from({ length: Math.round((until - from) / quarter) + 1 }, (_, index) => from + index * quarter)
}

function forecastOf(slots: readonly Expected[], joint: { time: number; value: Amount }) {
  const line = (value: (slot: Expected) => Amount): Map<number, Amount> =>
    new Map([[joint.time, joint.value] as const, ...slots.map((slot) => [new Date(slot.at).getTime(), value(slot)] as const)])
  return { isThere: slots.length > 0, middle: line(({ p50 }) => p50), low: line(({ low }) => low), high: line(({ high }) => high), hasBand: slots.some(({ low }) => low !== null) }
}

/** Today so far, the next three hours with their band, and the same weekday a week ago; undefined where nobody has been counted. */
export function lineOfDay(day: { slots: readonly Slot[]; last_week: readonly Slot[]; capacity: Amount }, expected: readonly Expected[], present: Amount, say: Say, zone?: string): LineOfDay | undefined {
  const slots = timesOf(day.slots)
  const earlier = timesOf(day.last_week)
  const known = [...slots].filter(([, value]) => value !== null)
  const last = known[known.length - 1]
  const ahead = forecastOf(expected, { time: last?.[0] ?? 0, value: last?.[1] ?? null })
  const grid = gridOf([slots, earlier, ...(ahead.isThere ? [ahead.middle] : [])])
  if (grid.length === 0) return undefined
  const values = (line: Map<number, Amount>): Amount[] => grid.map((time) => line.get(time) ?? null)
  const index = last ? grid.indexOf(last[0]) : -1
  return {
    kind: 'line',
    head: say('ui.chart.time'),
    at: grid.map((time) => formatTime(new Date(time).toISOString(), 'time', zone)),
    every: 8,
    series: [
      { name: say('ui.chart.actual'), values: values(slots) },
      ...(ahead.isThere ? [{ name: say('ui.chart.forecast'), values: values(ahead.middle), look: 'forecast' as const }] : []),
      { name: say('ui.chart.last_week'), values: values(earlier), look: 'earlier' as const },
    ],
    ...(ahead.isThere && ahead.hasBand && { band: { name: say('ui.chart.band'), low: values(ahead.low), high: values(ahead.high) } }),
    ...(index >= 0 && ahead.isThere && { now: { index, text: present === null ? say('ui.chart.now') : say('ui.chart.now_is', { present }) } }),
    ...(day.capacity !== null && { limit: { value: day.capacity, text: say('ui.chart.capacity', { capacity: day.capacity }) } }),
  }
}

/** How far off such forecasts were, and whether copying the week before would have been nearer. */
export function errorSaid(tried: Errors | undefined, say: Say): string {
  if (tried?.mae == null) return say('ui.forecast.unproven')
  const off = say('ui.forecast.off', { mae: formatNumber(Math.round(tried.mae * 10) / 10) })
  if (tried.better === null) return off
  return `${off}${say(tried.better >= 0 ? 'ui.forecast.better' : 'ui.forecast.worse', { percent: Math.abs(Math.round(tried.better)) })}`
}

/** At most so many, and so many now. */
export function daySaid(name: string, slots: readonly Slot[], present: Amount, say: Say): string {
  const most = slots.reduce((found, slot) => Math.max(found, slot.present ?? 0), 0)
  return say('ui.forecast.says', { name, most: formatNumber(Math.round(most)), present: present === null ? say('ui.unknown') : formatNumber(present) })
}

/** Hour by weekday; hours in which the station is never open are left out at both ends. */
export function heatOfWeek(found: StationWeek, now: Wall, dayName: (weekday: number) => string, say: Say) {
  const filled = found.days.flatMap(({ hours }) => hours.filter(({ present }) => present !== null).map(({ hour }) => hour))
  if (filled.length === 0) return undefined
  const from = Math.min(...filled)
  const columns = Array.from({ length: Math.max(...filled) - from + 1 }, (_, index) => from + index)
  const rows = found.days.map(({ weekday, hours }) => ({ name: dayName(weekday), values: columns.map((hour) => hours.find((one) => one.hour === hour)?.present ?? null) }))
  const row = found.days.findIndex(({ weekday }) => weekday === now.weekday)
  const column = columns.indexOf(now.hour)
  return { kind: 'heat' as const, head: say('ui.chart.weekday'), columns: columns.map(String), rows, ...(row >= 0 && column >= 0 && { now: { row, column } }) }
}

/** The weekday and hour with most people in a usual week. */
export function fullestOf(found: StationWeek): { weekday: number; hour: number; present: number } | undefined {
  const all = found.days.flatMap(({ weekday, hours }) => hours.flatMap(({ hour, present }) => (present === null ? [] : [{ weekday, hour, present }])))
  return all.reduce<(typeof all)[number] | undefined>((most, one) => (most === undefined || one.present > most.present ? one : most), undefined)
}
