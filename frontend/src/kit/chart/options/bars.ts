// Bars from zero: rows with their names beside them, or columns over time.
import type { BarSeriesOption } from 'echarts/charts'
import { isKnown, sayAmount, scaled, unitOf } from '../amount'
import type { BarsChart } from '../chart'
import { category, type Palette } from '../palette'
import { bare, dotted, grid, ground, labels, line, markLabel, names, sayTick, tooltip, whole, type Option } from './parts'

/** Columns are narrow: with more of them than that their amounts would run into each other. */
const labelled = 12

function seriesOf(chart: BarsChart, palette: Palette, selected: string): BarSeriesOption[] {
  const { upright = false, series, rows, target } = chart
  const { size } = palette
  const isSaid = series.length === 1 && (!upright || rows.length <= labelled)
  return series.map((name, index) => ({
    type: 'bar',
    name,
    // What is not known or withheld has a word and no bar.
    data: rows.map(({ key, values }) => {
      const value = values[index]
      return { value: isKnown(value) ? scaled(value, chart) : 0, ...(key !== '' && key === selected && { itemStyle: { borderColor: palette.now, borderWidth: size / 6 } }) }
    }),
    barMaxWidth: upright ? size * 2.5 : size,
    itemStyle: { color: category(palette, index), borderRadius: upright ? [size / 6, size / 6, 0, 0] : [0, size / 6, size / 6, 0] },
    emphasis: { disabled: true },
    label: { show: isSaid, position: upright ? 'top' : 'right', color: palette.soft, fontSize: size, formatter: ({ dataIndex }) => sayAmount(rows[dataIndex]?.values[index] ?? null, chart) },
    ...(index === 0 && target && {
      markLine: {
        symbol: 'none',
        silent: true,
        animation: false,
        data: [{ [upright ? 'yAxis' : 'xAxis']: scaled(target.value, chart), lineStyle: { color: palette.fg, width: 1, type: dotted }, label: { ...markLabel(palette, target.text), position: upright ? 'insideEndTop' as const : 'start' as const } }],
      },
    }),
  }))
}

export function barsOption(chart: BarsChart, palette: Palette, selected = ''): Option {
  const { upright = false, rows, series } = chart
  const amounts = { type: 'value' as const, ...whole(chart), ...bare, splitLine: { lineStyle: { color: palette.grid } }, axisLabel: { ...labels(palette), formatter: sayTick(unitOf(chart) === '%' ? '%' : '') } }
  const line0 = { axisTick: { show: false }, axisLine: { lineStyle: { color: palette.control } } }
  const said = ({ dataIndex = 0 }): string => [rows[dataIndex]?.name ?? '', ...series.map((name, index) => line(name, rows[dataIndex]?.values[index], chart))].join('\n')
  const places = { type: 'category' as const, data: rows.map(({ name }) => name), ...line0 }
  return {
    ...ground(palette),
    tooltip: { ...tooltip(palette), trigger: 'axis', axisPointer: { type: 'none' }, formatter: (found: unknown) => said((Array.isArray(found) ? (found[0] as { dataIndex?: number } | undefined) : undefined) ?? {}) },
    grid: grid(palette, upright ? { top: 1.75 } : { top: chart.target ? 1.75 : 0.5, right: 4 }),
    xAxis: upright ? { ...places, axisLabel: labels(palette) } : { ...amounts, splitNumber: palette.width < palette.size * 40 ? 2 : 5 },
    yAxis: upright ? amounts : { ...places, inverse: true, axisLabel: names(palette) },
    series: seriesOf(chart, palette, selected),
  }
}
