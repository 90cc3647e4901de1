// How far each is from a target: a dot and the way to it, in the order of the rows. Below is copper, never red.
import type { CustomSeriesOption } from 'echarts/charts'
import { isKnown, rangeOf, sayAmount, scaled, unitOf } from '../amount'
import type { DotsChart, Row } from '../chart'
import { category, type Palette } from '../palette'
import { bare, dotted, grid, ground, labels, line, markLabel, names, sayTick, tooltip, type Option } from './parts'

export const isBelow = ({ value }: Pick<Row, 'value'>, { target }: DotsChart): boolean => isKnown(value) && value < target.value

function dots(chart: DotsChart, palette: Palette, selected: string): CustomSeriesOption {
  const { size } = palette
  const target = scaled(chart.target.value, chart)
  const known = chart.rows.flatMap((row, index) => (isKnown(row.value) ? [{ value: [scaled(row.value, chart), index], index }] : []))
  return {
    type: 'custom',
    data: known.map(({ value }) => value),
    encode: { x: 0, y: 1 },
    renderItem: (_params, api) => {
      const [x = 0, y = 0] = api.coord([api.value(0), api.value(1)])
      const [start = 0] = api.coord([target, api.value(1)])
      const row = chart.rows[Number(api.value(1))]
      const below = row !== undefined && isBelow(row, chart)
      const fill = category(palette, below ? 1 : 0)
      const ring = row?.key === selected ? { stroke: palette.fg, lineWidth: size / 6 } : {}
      return {
        type: 'group',
        children: [
          { type: 'line', shape: { x1: start, y1: y, x2: x, y2: y }, style: { stroke: below ? fill : palette.band, lineWidth: size / 6 } },
          { type: 'circle', shape: { cx: x, cy: y, r: size * 0.42 }, style: { fill, ...ring } },
        ],
      }
    },
    markLine: {
      symbol: 'none',
      silent: true,
      animation: false,
      data: [{ xAxis: target, lineStyle: { color: palette.fg, width: 1, type: dotted }, label: { ...markLabel(palette, chart.target.text), position: 'start' } }],
    },
  }
}

/** From a little below the least to a little above the most; shares never beyond none and all. */
export function reachOf(chart: DotsChart): [number, number] {
  const [least, most] = rangeOf([...chart.rows.map(({ value }) => value), chart.target.value]) ?? [0, 1]
  const around = Math.max((most - least) * 0.12, Math.abs(chart.target.value) * 0.01)
  const [low, high] = [least - around, most + around]
  const bounded = chart.share === true ? [Math.max(0, low), Math.min(Math.max(1, most), high)] : [least >= 0 ? Math.max(0, low) : low, high]
  return [scaled(bounded[0] ?? low, chart), scaled(bounded[1] ?? high, chart)]
}

export function dotsOption(chart: DotsChart, palette: Palette, selected = ''): Option {
  const { rows } = chart
  const [min, max] = reachOf(chart)
  const target = scaled(chart.target.value, chart)
  const strong = { low: { fontWeight: 600 as const, color: palette.fg, fontSize: palette.size }, due: { fontWeight: 600 as const, color: palette.now, fontSize: palette.size } }
  const styled = (style: keyof typeof strong, text: (row: Row) => string) => (_name: string, index: number) => {
    const row = rows[index]
    return row === undefined ? '' : isBelow(row, chart) ? `{${style}|${text(row)}}` : text(row)
  }
  const rowsAxis = { type: 'category' as const, inverse: true, ...bare, data: rows.map(({ key }) => key) }
  /** A tick beside the target would be written over its name. */
  const near = ((max - min) * 5 * palette.size) / Math.max(1, palette.width * 0.6)
  const tick = (value: number): string => (value < min || value > max || Math.abs(value - target) < near ? '' : sayTick(unitOf(chart) === '%' ? '%' : '')(value))
  return {
    ...ground(palette),
    tooltip: { ...tooltip(palette), trigger: 'item', formatter: (found: unknown) => {
      const { value } = found as { value?: readonly number[] }
      const row = rows[value?.[1] ?? 0]
      return row === undefined ? '' : line(row.name, row.value, chart)
    } },
    grid: grid(palette, { top: 2, left: 0, right: 0, bottom: 0.5 }),
    xAxis: { type: 'value', position: 'top', min, max, ...bare, splitLine: { showMinLine: false, showMaxLine: false, lineStyle: { color: palette.grid } }, splitNumber: 3, axisLabel: { ...labels(palette), showMinLabel: false, showMaxLabel: false, formatter: tick } },
    yAxis: [
      { ...rowsAxis, axisLabel: { ...names(palette), rich: strong, formatter: styled('low', ({ name }) => name) } },
      { ...rowsAxis, position: 'right', axisLabel: { ...labels(palette), interval: 0, rich: strong, formatter: styled('due', ({ value }) => sayAmount(value, chart)) } },
    ],
    series: [dots(chart, palette, selected), { type: 'scatter', yAxisIndex: 1, data: [] }],
  }
}
