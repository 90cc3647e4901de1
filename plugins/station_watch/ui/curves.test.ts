import { expect, it } from 'vitest'
import { errorSaid, fullestOf, heatOfWeek, lineOfDay } from './curves'
import { type Forecast, type StationDay, type StationWeek } from './stations'
import { wallAt } from './zone'

const say = (key: string, values: Record<string, unknown> = {}): string => [key, ...Object.values(values)].join(' ')
const at = (time: string): string => new Date(`2026-07-23T${time}:00`).toISOString()
const slot = (time: string, present: number) => ({ at: at(time), present, most: present, entered: 0, left: 0 })
const day: StationDay = { on: '2026-07-23', capacity: 80, hours: [['08:00', '21:00']], closed_reason: '', slots: [slot('00:00', 0), slot('08:00', 4), slot('08:15', 9), slot('08:30', 7)], last_week: [{ at: at('08:00'), present: 3 }, { at: at('09:00'), present: 5 }] }
const forecast: Forecast = { made_at: at('08:40'), slots: [{ at: at('08:45'), p50: 11, low: 8, high: 14 }, { at: at('09:00'), p50: 12, low: 8, high: 16 }], mae: 4.1, naive_mae: 6.5, better: 37, samples: 900, peak: null }

it('draws the day from the hour in which the first came, and the forecast on from what is known', () => {
  const chart = lineOfDay(day, forecast.slots, 7, say)
  expect(chart?.at).toEqual(['08:00', '08:15', '08:30', '08:45', '09:00', '09:15'])
  expect(chart?.series.map(({ look, values }) => [look, values])).toEqual([
    [undefined, [4, 9, 7, null, null, null]],
    ['forecast', [null, null, 7, 11, 12, null]],
    ['earlier', [3, null, null, null, 5, null]],
  ])
  expect(chart?.band?.high).toEqual([null, null, 7, 14, 16, null])
  expect(chart?.now).toEqual({ index: 2, text: 'ui.chart.now_is 7' })
  expect(chart?.limit?.value).toBe(80)
})

it('leaves out a band that nobody has tested, and draws nothing of nothing', () => {
  const untested = forecast.slots.map((one) => ({ ...one, low: null, high: null }))
  expect(lineOfDay(day, untested, 7, say)).not.toHaveProperty('band')
  expect(lineOfDay({ ...day, slots: [slot('08:00', 0)], last_week: [] }, [], 0, say)).toBeUndefined()
  expect(lineOfDay({ ...day, capacity: null }, untested, 7, say)).not.toHaveProperty('limit')
})

it('says how far off it was, and that copying would have been nearer', () => {
  expect(errorSaid(forecast, say)).toBe('ui.forecast.off 4.1ui.forecast.better 37')
  expect(errorSaid({ ...forecast, better: -8 }, say)).toContain('ui.forecast.worse 8')
  expect(errorSaid({ ...forecast, mae: null }, say)).toBe('ui.forecast.unproven')
})

it('shows the hours of a week in which it is ever open, and where now is', () => {
  const hours = (present: number | null) => [{ hour: 7, present: null }, { hour: 8, present }, { hour: 9, present: 12 }]
  const week: StationWeek = { since: '2026-05-28', until: '2026-07-22', capacity: 80, computed_at: at('03:00'), days: [{ weekday: 3, hours: hours(20) }, { weekday: 4, hours: hours(null) }] }
  const chart = heatOfWeek(week, wallAt(new Date('2026-07-23T09:30:00')), String, say)
  expect(chart).toMatchObject({ columns: ['8', '9'], rows: [{ name: '3', values: [20, 12] }, { name: '4', values: [null, 12] }], now: { row: 1, column: 1 } })
  expect(fullestOf(week)).toEqual({ weekday: 3, hour: 8, present: 20 })
  expect(heatOfWeek({ ...week, days: [] }, wallAt(new Date()), String, say)).toBeUndefined()
})
