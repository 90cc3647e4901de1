// When a station is open: periods of each weekday, days on which it is closed, and how both are said.
export const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
export type Day = (typeof days)[number]
/** From and until, as 08:00; the second is later on the same day. */
export type Period = readonly [from: string, until: string]
export type Hours = Partial<Record<Day, readonly Period[]>>
export interface ClosedDay {
  on: string
  reason: string
}

const perHour = 60
const perDay = 24 * perHour

/** Minutes since midnight; NaN for what is no time. */
export function minutesOf(time: string): number {
  const found = /^(\d{2}):(\d{2})$/.exec(time)
  const minutes = Number(found?.[1]) * perHour + Number(found?.[2])
  return minutes <= perDay ? minutes : Number.NaN
}

/** Weekday of a date such as 2026-07-23, wherever the reader is. */
export function dayOf(date: string): Day {
  const week = new Date(`${date}T12:00:00Z`).getUTCDay()
  return days[(week + 6) % 7] ?? 'mon'
}

export const periodsOf = (hours: Hours, day: Day): readonly Period[] => hours[day] ?? []

export type Fault = 'missing' | 'order' | 'overlap'

/** What is wrong with the periods of one day, as somebody types them. */
export function faultOf(periods: readonly Period[]): Fault | undefined {
  const spans = periods.map(([from, until]) => [minutesOf(from), minutesOf(until)] as const)
  if (spans.some(([from, until]) => Number.isNaN(from) || Number.isNaN(until))) return 'missing'
  if (spans.some(([from, until]) => from >= until)) return 'order'
  const sorted = [...spans].sort((one, other) => one[0] - other[0])
  return sorted.some(([from], index) => index > 0 && from < (sorted[index - 1]?.[1] ?? 0)) ? 'overlap' : undefined
}

const isSame = (one: readonly Period[], other: readonly Period[]): boolean => JSON.stringify(one) === JSON.stringify(other)

export interface Run {
  from: Day
  until: Day
  periods: readonly Period[]
}

/** The week in as few pieces as say it: neighbouring days with the same periods are one. */
export function runsOf(hours: Hours): Run[] {
  const runs: Run[] = []
  for (const day of days) {
    const last = runs[runs.length - 1]
    const periods = periodsOf(hours, day)
    if (last && isSame(last.periods, periods)) last.until = day
    else runs.push({ from: day, until: day, periods })
  }
  return runs
}

/** 8:00–12:00 rather than 08:00–12:00: nobody reads the nought aloud. */
export const timeSaid = (time: string): string => time.replace(/^0(?=\d)/, '')
export const periodSaid = ([from, until]: Period): string => `${timeSaid(from)}–${timeSaid(until)}`

/** How many hours a week, to the half hour at most. */
export function hoursAWeek(hours: Hours): number {
  const minutes = days.flatMap((day) => periodsOf(hours, day)).reduce((sum, [from, until]) => sum + Math.max(0, minutesOf(until) - minutesOf(from)), 0)
  return Math.round((minutes / perHour) * 10) / 10
}

export function copied(hours: Hours, from: Day, to: readonly Day[]): Hours {
  const periods = periodsOf(hours, from)
  return { ...hours, ...Object.fromEntries(to.map((day) => [day, periods.map(([start, end]) => [start, end] as const)])) }
}

/** A further period of a day: after a break behind the last one, or the usual hours of an office. */
export function withOneMore(periods: readonly Period[]): Period[] {
  const end = Math.max(0, ...periods.map(([, until]) => minutesOf(until)).filter((minutes) => !Number.isNaN(minutes)))
  if (periods.length === 0) return [['08:00', '18:00']]
  const time = (minutes: number): string => `${String(Math.floor(minutes / perHour)).padStart(2, '0')}:${String(minutes % perHour).padStart(2, '0')}`
  return [...periods, [time(Math.min(end + perHour, perDay - perHour / 2)), time(Math.min(end + 4 * perHour, perDay))]]
}
