// Periods and sentences of figures.
import { expect, it } from 'vitest'
import type { Children, Figure, Value } from './figures'
import { mapChart } from './charts'
import { isDay, moved, start, trend } from './periods'
import { compare, earlier, sayChildren } from './words'

const figure: Figure = { name: 'p.rate', plugin: 'p', plugin_name: 'P', title: '办结率', unit: '%', measure: 'ratio', better: 'up', decimals: 1, share: true, people: false, target: 0.95, counted_at: null, card: null }
const count: Figure = { ...figure, unit: '篇', measure: 'count', decimals: 0, share: false, target: null }
const cell = (value: number | null, withheld = false) => ({ value, withheld, n: null, starts_on: '2026-07-01' })
const value = (now: number | null, before: number | null): Value => ({ figure: 'p.rate', now: cell(now), before: cell(before), year_ago: cell(null, true) })
const children = (...values: (number | null)[]): Children => ({
  figure: 'p.rate', period: 'month', starts: ['2026-07-01'], cells: [], rest: null,
  items: values.map((one, index) => ({ tenant: { id: index, code: String(index), name: `镇${index}`, level: 3, state: 'active', children: 0 }, cells: [cell(one)] })),
})

it('moves by whole periods', () => {
  expect([moved('month', '2026-01-31', 1), moved('day', '2026-03-01', -1), moved('year', '2024-02-29', -1)]).toEqual(['2026-02-01', '2026-02-28', '2023-01-01'])
  expect([start('year', '2026-07-23'), start('month', '2026-07-23')]).toEqual(['2026-01-01', '2026-07-01'])
  expect(trend('month', '2026-07-01')).toEqual({ period: 'month', first: '2024-08-01', last: '2026-07-01' })
  expect(['2026-02-30', '2026-02-28', 'x'].map(isDay)).toEqual([false, true, false])
})

it('measures a whole period against a whole one, and says what is not known', () => {
  const whole = { period: 'month' as const, complete: true }
  expect(compare(figure, value(0.964, 0.956), 'before', whole)).toBe('比上月多 0.8 个点')
  expect(compare(count, value(58, 60), 'before', whole)).toBe('比上月少 2 篇')
  expect(compare(count, value(58, 60), 'before', { ...whole, complete: false })).toBe('上月 60 篇')
  expect(compare(count, value(58, null), 'before', whole)).toBe('上月没有数字')
  expect(compare(count, value(58, 58), 'year_ago', whole)).toBe('去年同月 ＜10')
  expect(earlier('year')).toEqual(['before'])
})

it('answers in words who lies below the target', () => {
  expect(sayChildren(figure, children(0.96, 0.9, null))).toBe('镇1低于目标 95.0%。另有 1 个不显示数字。')
  expect(sayChildren(figure, children(0.96, 0.97))).toBe('2 个下级都达到目标 95.0%。')
  expect(sayChildren(count, children(3, 9))).toBe('2 个下级在 3 篇到 9 篇之间。')
  expect(sayChildren(count, children(0, 0))).toBe('2 个下级都是 0 篇。')
})

it('draws a map only on outlines, and keeps those without one', () => {
  const area = { type: 'Feature' as const, id: '0', properties: { code: '0', name: '镇0', level: 3, centre: [1, 2] }, geometry: {} }
  const map = { type: 'FeatureCollection' as const, features: [area], frame: 'plan' as const, approved: '', missing: [] }
  expect(mapChart(figure, children(0.9, null), { ...map, features: [] })).toBeNull()
  const chart = mapChart(figure, children(0.9, null), map)
  expect(chart?.rows.map(({ key, value: amount }) => [key, amount])).toEqual([['0', 0.9], ['1', null]])
  expect([chart?.note, chart?.flat]).toEqual(['示意图，不代表行政区域界线', true])
  expect(mapChart(figure, children(0.9), { ...map, approved: '皖S(2026)1号' })?.note).toBe('审图号：皖S(2026)1号')
})
