// Places by colour, on outlines that a tenant gave. What is not known or withheld has no colour.
import type { ScatterSeriesOption } from 'echarts/charts'
import { isKnown, rangeOf, sayWhole, stepOf } from '../amount'
import type { Areas, MapChart } from '../chart'
import { onStep, step, type Palette } from '../palette'
import { ground, tooltip, type Option } from './parts'

/** More names than that cannot be read. */
const named = 40

/** The outlines as ECharts matches them: by what our rows are matched by. */
export function outlines({ features }: Areas): object {
  return { type: 'FeatureCollection', features: features.map(({ id, geometry }) => ({ type: 'Feature', properties: { key: String(id ?? '') }, geometry })) }
}

function* positions(shape: unknown): Generator<readonly [number, number]> {
  if (!Array.isArray(shape)) return
  const [x, y] = shape as unknown[]
  if (typeof x === 'number' && typeof y === 'number') yield [x, y]
  else for (const part of shape) yield* positions(part)
}

/** A degree of longitude is shorter than one of latitude, the more so the further north. */
export function aspectOf({ features }: Areas): number {
  let [south, north] = [90, -90]
  for (const { geometry } of features) for (const [, y] of positions((geometry as { coordinates?: unknown } | null)?.coordinates)) [south, north] = [Math.min(south, y), Math.max(north, y)]
  return south > north ? 1 : Math.max(0.1, Math.cos((((south + north) / 2) * Math.PI) / 180))
}

export function rangeOfMap({ range, rows }: MapChart): readonly [number, number] | null {
  return range ?? rangeOf(rows.map(({ value }) => value))
}

function pointsOf({ points = [] }: MapChart, palette: Palette): ScatterSeriesOption {
  return {
    type: 'scatter',
    coordinateSystem: 'geo',
    symbolSize: palette.size * 0.8,
    emphasis: { disabled: true },
    label: { show: points.length <= named, position: 'right', color: palette.fg, fontSize: palette.size, fontFamily: palette.font, formatter: '{b}' },
    labelLayout: { hideOverlap: true },
    data: points.map(({ key, name, at, tone }) => ({ id: key, name, value: [...at], itemStyle: { color: tone ? palette.tones[tone] : palette.fg, borderColor: palette.page, borderWidth: palette.size / 6 } })),
  }
}

function regionOf(row: MapChart['rows'][number], chart: MapChart, palette: Palette, isSelected: boolean) {
  const range = rangeOfMap(chart)
  const number = isKnown(row.value) && range ? stepOf(row.value, range) : 0
  const areaColor = row.value === 'withheld' ? palette.hatch : number > 0 ? step(palette, number) : palette.sunk
  const label = { color: number > 0 ? onStep(palette, number) : palette.soft }
  // Without a colour of its own an area needs an edge, or on a dark wall it is no place at all.
  const edge = isSelected ? { borderColor: palette.now, borderWidth: palette.size / 5 } : number > 0 ? {} : { borderColor: palette.edge }
  const itemStyle = { areaColor, ...edge }
  return { name: row.key, itemStyle, label, emphasis: { itemStyle: { areaColor }, label } }
}

/** `map`: under which its outlines are registered. */
export function mapOption(chart: MapChart, palette: Palette, selected: string, map: string): Option {
  const { size, font, soft, page, fg } = palette
  const byKey = new Map(chart.rows.map((row) => [row.key, row]))
  const say = (key: string): string => {
    const row = byKey.get(key)
    return row === undefined ? key : `${row.name}\n${sayWhole(row.value, chart)}`
  }
  // What is selected is drawn last: its edge lies over those of its neighbours.
  const rows = [...chart.rows].sort((one, other) => Number(one.key === selected) - Number(other.key === selected))
  return {
    ...ground(palette),
    tooltip: { ...tooltip(palette), trigger: 'item', formatter: (found: unknown) => {
      const { componentType, name = '' } = found as { componentType?: string; name?: string }
      return componentType === 'geo' ? say(name) : name
    } },
    geo: {
      map,
      nameProperty: 'key',
      aspectScale: chart.flat === true ? 1 : aspectOf(chart.areas),
      left: size, right: size, top: size, bottom: size,
      preserveAspect: true,
      selectedMode: false,
      tooltip: { show: true },
      itemStyle: { areaColor: palette.sunk, borderColor: page, borderWidth: size / 8 },
      label: { show: chart.areas.features.length <= named, color: soft, fontSize: size, fontFamily: font, formatter: ({ name }) => byKey.get(name)?.name ?? '' },
      emphasis: { itemStyle: { borderColor: fg, borderWidth: size / 6 }, label: { show: chart.areas.features.length <= named } },
      regions: rows.map((row) => regionOf(row, chart, palette, row.key === selected)),
    },
    series: [pointsOf(chart, palette)],
  }
}
