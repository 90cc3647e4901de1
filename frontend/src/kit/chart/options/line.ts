// Lines over time: what was, what is expected with its band, what was earlier.
import type { LineSeriesOption } from 'echarts/charts'
import type { MarkLineComponentOption } from 'echarts/components'
import { isKnown, scaled, unitOf } from '../amount'
import type { LineChart, Series } from '../chart'
import { category, type Palette } from '../palette'
import { bare, dotted, grid, ground, labels, line, markLabel, none, point, reach, sayTick, tooltip, whole, type Option } from './parts'

/** The colour of each series: those without a meaning of their own take the categories in order. */
export function colourOf(series: readonly Series[], index: number): number | 'muted' {
  const look = series[index]?.look
  if (look === 'earlier') return 'muted'
  if (look === 'forecast') return 2
  const plain = series.slice(0, index).filter((other) => other.look === undefined).length
  const taken = series.some((other) => other.look === 'forecast')
  return plain + 1 + (taken && plain > 0 ? 1 : 0)
}

function marksOf({ now, limit, target, at, ...scale }: LineChart, palette: Palette): MarkLineComponentOption {
  const { size, limit: red, fg } = palette
  const lying = (value: number, text: string, color: string) => ({
    yAxis: scaled(value, scale),
    lineStyle: { color, width: size / 8, type: 'dashed' as const },
    label: { ...markLabel(palette, text), color: palette.soft, fontWeight: 400 as const, position: 'insideEndTop' as const },
  })
  return {
    symbol: 'none',
    silent: true,
    animation: false,
    data: [
      ...(limit ? [lying(limit.value, limit.text, red)] : []),
      ...(target ? [lying(target.value, target.text, fg)] : []),
      ...(now ? [{ xAxis: at[now.index] ?? '', lineStyle: { color: fg, width: 1, type: dotted }, label: { ...markLabel(palette, now.text), position: 'end' as const, distance: size / 3 } }] : []),
    ],
  }
}

function seriesOf(chart: LineChart, palette: Palette): LineSeriesOption[] {
  const { size, bg } = palette
  return chart.series.map(({ name, values, look, area = false, note }, index) => {
    const colour = colourOf(chart.series, index)
    const color = colour === 'muted' ? palette.muted : category(palette, colour - 1)
    const text = look === 'forecast' ? palette.now : palette.fg
    const isAlone = (at: number): boolean => !isKnown(values[at - 1]) && !isKnown(values[at + 1])
    const data = values.map((value, at) => {
      const noted = note?.index === at
      const isNow = index === 0 && chart.now?.index === at
      const marked = noted || isNow || (isKnown(value) && isAlone(at))
      return { value: point(value, chart), symbol: marked ? 'circle' : 'none', symbolSize: size * 0.7, ...(noted && { label: { ...markLabel(palette, note.text), show: true, position: 'top' as const, color: text } }) }
    })
    return {
      type: 'line',
      name,
      data,
      showSymbol: true,
      showAllSymbol: true,
      connectNulls: false,
      itemStyle: { color, borderColor: bg, borderWidth: size / 12 },
      lineStyle: { color, width: look === 'earlier' ? size * 0.14 : size * 0.19, type: look === 'forecast' ? 'dashed' : 'solid', cap: 'round', join: 'round' },
      emphasis: { disabled: true },
      z: look === 'earlier' ? 2 : 3,
      ...(area && { areaStyle: { color: palette.band, opacity: 1 } }),
      ...(index === 0 && { markLine: marksOf(chart, palette) }),
    }
  })
}

/** The band is what lies between two unseen lines, stacked on each other. */
function bandOf({ band, ...chart }: LineChart, { band: color }: Palette): LineSeriesOption[] {
  if (!band) return []
  const unseen = { type: 'line' as const, stack: 'band', symbol: 'none', silent: true, lineStyle: { opacity: 0 }, z: 1 }
  const wide = band.high.map((high, index) => {
    const low = band.low[index]
    return isKnown(high) && isKnown(low) ? scaled(high, chart) - scaled(low, chart) : none
  })
  return [
    { ...unseen, data: band.low.map((low) => point(low, chart)) },
    { ...unseen, data: wide, areaStyle: { color, opacity: 1 } },
  ]
}

export function lineOption(chart: LineChart, palette: Palette): Option {
  const { at, every, share = false } = chart
  const say = (index: number): string => {
    const said = chart.series.filter(({ values }) => (values[index] ?? null) !== null).map(({ name, values }) => line(name, values[index], chart))
    return [at[index] ?? '', ...said].join('\n')
  }
  return {
    ...ground(palette),
    tooltip: { ...tooltip(palette), trigger: 'axis', axisPointer: { lineStyle: { color: palette.control } }, formatter: (found: unknown) => say((Array.isArray(found) ? (found[0] as { dataIndex?: number } | undefined) : undefined)?.dataIndex ?? 0) },
    grid: grid(palette, { top: chart.now ? 2 : 1, right: 1 }),
    xAxis: { type: 'category', data: [...at], boundaryGap: false, axisTick: { show: false }, axisLine: { lineStyle: { color: palette.control }, onZero: false }, axisLabel: { ...labels(palette), ...(every !== undefined && { interval: (index: number) => index % every === 0 }) } },
    yAxis: { type: 'value', scale: share, ...whole(chart), ...bare, splitLine: { lineStyle: { color: palette.grid } }, axisLabel: { ...labels(palette), formatter: sayTick(unitOf(chart) === '%' ? '%' : '') } },
    series: [...bandOf(chart, palette), ...seriesOf(chart, palette), ...reach([chart.limit, chart.target], chart, at[0] ?? '')],
  }
}
