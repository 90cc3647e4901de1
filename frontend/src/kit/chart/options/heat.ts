// Rows × columns by colour; the present one is outlined in copper.
import type { CustomSeriesOption } from 'echarts/charts'
import { isKnown, rangeOf, sayAmount, stepOf } from '../amount'
import type { HeatChart } from '../chart'
import { onStep, step, type Palette } from '../palette'
import { bare, grid, ground, labels, line, names, tooltip, type Option } from './parts'

/** With few columns every cell has room for its amount; otherwise only the greatest says it. */
const roomy = 12

function cells(chart: HeatChart, palette: Palette): CustomSeriesOption {
  const { size } = palette
  const { rows, columns, now } = chart
  const range = rangeOf(rows.flatMap(({ values }) => values)) ?? [0, 0]
  return {
    type: 'custom',
    data: rows.flatMap((_row, y) => columns.map((_column, x) => [x, y])),
    encode: { x: 0, y: 1 },
    renderItem: (_params, api) => {
      const [column, row] = [Number(api.value(0)), Number(api.value(1))]
      const value = rows[row]?.values[column] ?? null
      const [x = 0, y = 0] = api.coord([column, row])
      const sizes = api.size?.([1, 1])
      const [width = 0, height = 0] = Array.isArray(sizes) ? sizes : []
      const [w, h] = [width - size / 6, height - size / 6]
      const number = isKnown(value) ? stepOf(value, range) : 0
      const isNow = now?.row === row && now.column === column
      const text = !isKnown(value) || columns.length <= roomy || value === range[1] ? sayAmount(value, chart) : ''
      const shape = { x: x - w / 2, y: y - h / 2, width: w, height: h, r: size / 6 }
      return {
        type: 'group',
        children: [
          { type: 'rect', shape, style: { fill: number > 0 ? step(palette, number) : palette.page, ...(isNow && { stroke: palette.now, lineWidth: size / 5 }) } },
          ...(text === '' ? [] : [{ type: 'text' as const, style: { x, y, text, align: 'center' as const, verticalAlign: 'middle' as const, fill: number > 0 ? onStep(palette, number) : palette.soft, fontSize: size, fontFamily: palette.font } }]),
        ],
      }
    },
  }
}

export function heatOption(chart: HeatChart, palette: Palette): Option {
  const { rows, columns, now } = chart
  const strong = { now: { fontWeight: 600 as const, color: palette.fg, fontSize: palette.size } }
  return {
    ...ground(palette),
    tooltip: { ...tooltip(palette), trigger: 'item', formatter: (found: unknown) => {
      const { value: [x = 0, y = 0] = [] } = found as { value?: readonly number[] }
      return line(`${rows[y]?.name ?? ''} ${columns[x] ?? ''}`, rows[y]?.values[x], chart)
    } },
    grid: grid(palette, { top: 0.25, right: 0, left: 0 }),
    xAxis: { type: 'category', position: 'top', data: [...columns], ...bare, axisLabel: labels(palette) },
    yAxis: { type: 'category', inverse: true, data: rows.map(({ name }) => name), ...bare, axisLabel: { ...names(palette), rich: strong, formatter: (name: string, index: number) => (now?.row === index ? `{now|${name}}` : name) } },
    series: [cells(chart, palette)],
  }
}
