// Charts: what is not known, what is withheld, and the same numbers in picture, table and file.
import { flushPromises, mount } from '@vue/test-utils'
import { expect, it, vi } from 'vitest'
import { rangeOf, sayAmount, sayWhole, stepOf } from './amount'
import type { Chart, DotsChart, LineChart } from './chart'
import { arcOf } from './gauge'
import { fileName } from './keep'
import { isBelow, reachOf } from './options/dots'
import { colourOf, lineOption } from './options/line'
import { mapOption, outlines } from './options/map'
import type { Palette } from './palette'
import { runsOf } from './sparkline'
import { csvOf, tableOf } from './table'
import WChartCard from './WChartCard.vue'

const show = vi.fn<(chart: Chart, selected: string) => void>()
vi.mock('./draw', () => ({ draw: () => ({ show, leave: vi.fn() }) }))

const dots: DotsChart = {
  kind: 'dots', head: '乡镇', name: '按时办结率', share: true, decimals: 1, target: { value: 0.95, text: '目标 95%' },
  rows: [{ key: '1', name: '=横埠镇', value: 0.971 }, { key: '2', name: '义津镇', value: 0.931 }, { key: '3', name: '白柳镇', value: 'withheld' }, { key: '4', name: '白梅乡', value: null }],
}
const line: LineChart = { kind: 'line', head: '时间', at: ['8:00', '9:00', '10:00'], series: [{ name: '实际', values: [1, null, 3] }, { name: '预测', values: [null, null, 4], look: 'forecast' }, { name: '去年', values: [1, 2, 3], look: 'earlier' }], now: { index: 2, text: '现在' } }
const palette: Palette = { size: 12, width: 400, font: 'x', fg: 'fg', soft: 'soft', bg: 'bg', sunk: 'sunk', page: 'page', hatch: 'hatch', edge: 'edge', control: 'ctl', grid: 'grid', band: 'band', muted: 'muted', now: 'now', limit: 'limit', tones: { ok: 'ok', warn: 'warn', bad: 'bad' }, categories: ['c1', 'c2', 'c3'], steps: ['q1', 'q2', 'q3', 'q4', 'q5', 'q6', 'q7'] }

it('says amounts as they are shown', () => {
  expect([0.9714, 0, null, 'withheld' as const].map((value) => sayAmount(value, { share: true, decimals: 1 }))).toEqual(['97.1', '0.0', '–', '＜10'])
  expect([sayWhole(1234, { unit: '人' }), sayWhole(0.5, { share: true }), sayWhole(null, { unit: '人' })]).toEqual(['1,234 人', '50%', '–'])
})

it('puts values on seven steps and clamps what lies outside', () => {
  expect([0, 49, 50, 99, 100, 300, -5].map((value) => stepOf(value, [0, 100]))).toEqual([1, 4, 4, 7, 7, 7, 1])
  expect(rangeOf(['withheld', null])).toBeNull()
})

it('writes a file of numbers in which no name is a formula', () => {
  expect(csvOf(dots)).toBe("\uFEFF乡镇,按时办结率（%）\r\n'=横埠镇,97.1\r\n义津镇,93.1\r\n白柳镇,＜10\r\n白梅乡,\r\n")
  expect(tableOf(line).rows[1]).toEqual({ key: '', name: '9:00', values: [null, null, 2] })
  expect(fileName({ title: '办结率: 7月', on: '2026/7', note: '' }, 'csv')).toBe('办结率 7月 2026 7.csv')
})

it('reaches its target, and never beyond all', () => {
  const [least, most] = reachOf(dots)
  expect(least).toBeLessThan(93.1)
  expect(most).toBeLessThanOrEqual(100)
  expect(dots.rows.map((row) => isBelow(row, dots))).toEqual([false, true, false, false])
})

it('leaves gaps, and gives each series the colour of what it is', () => {
  const found = lineOption(line, palette).series as { name?: string; data: { value: unknown; symbol?: string }[] }[]
  expect(found[0]?.data.map(({ value, symbol }) => [value, symbol])).toEqual([[1, 'circle'], ['-', 'none'], [3, 'circle']])
  expect(line.series.map((_, index) => colourOf(line.series, index))).toEqual([1, 2, 'muted'])
})

it('colours places by key and draws the selected one last', () => {
  const areas = { type: 'FeatureCollection' as const, features: [1, 2, 3].map((id) => ({ type: 'Feature' as const, id, properties: {}, geometry: null })) }
  const option = mapOption({ kind: 'map', head: '', name: '', areas, rows: dots.rows.slice(0, 3) }, palette, '1', 'm')
  const { regions = [] } = option.geo as { regions?: { name: string; itemStyle: { areaColor: string } }[] }
  expect(regions.map(({ name, itemStyle }) => [name, itemStyle.areaColor])).toEqual([['2', 'q1'], ['3', 'hatch'], ['1', 'q7']])
  expect(JSON.stringify(outlines(areas))).toContain('"key":"2"')
})

it('writes the name of an area in the middle of its largest part', () => {
  const square = (x: number, side: number) => [[[x, 0], [x + side, 0], [x + side, side], [x, side], [x, 0]]]
  const geometry = { type: 'MultiPolygon', coordinates: [square(100, 2), square(0, 10)] }
  const areas = { type: 'FeatureCollection' as const, features: [{ type: 'Feature' as const, id: 1, properties: {}, geometry }] }
  const option = mapOption({ kind: 'map', head: '', name: '', areas, rows: dots.rows.slice(0, 1) }, palette, '', 'm')
  const [names] = option.series as { data: { value: number[] }[] }[]
  expect(names?.data.map(({ value }) => value)).toEqual([[5, 5]])
})

it('draws small pictures without a library', () => {
  expect(runsOf([1, 2, null, 4]).map(({ line: points }) => points.split(' ').length)).toEqual([2, 2])
  expect(runsOf([null, 'withheld', 3])).toEqual([])
  expect(arcOf(0.5)).toMatch(/ 0 0 1 100\.00 16\.00$/)
})

it('shows the same numbers as a table whose rows can be picked by keyboard', async () => {
  const card = mount(WChartCard, { props: { title: '办结率', says: '义津镇低于目标。', chart: dots, pickable: true }, attachTo: document.body })
  await flushPromises()
  await vi.waitFor(() => expect(show).toHaveBeenCalledWith(dots, ''))
  expect(card.get('[role="img"]').attributes('aria-label')).toBe('义津镇低于目标。')
  await card.findAll('.w-seg button')[1]?.trigger('click')
  expect(card.findAll('tbody td').map((cell) => cell.text())).toEqual(['97.1', '93.1', '＜10', '–'])
  await card.findAll('tbody button')[1]?.trigger('click')
  expect(card.emitted('pick')).toEqual([['2']])
})
