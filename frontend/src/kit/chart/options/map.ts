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

/** Where an area's name stands: the middle of its largest part, so that an island does not draw it into the sea. */
function middleOf(geometry: unknown): readonly [number, number] | null {
  const { type, coordinates } = (geometry ?? {}) as { type?: string; coordinates?: unknown }
  const rings = (type === 'MultiPolygon' ? (coordinates as unknown[]) : [coordinates]).map((part) => [...positions((part as unknown[] | undefined)?.[0])])
  let found: { size: number; at: readonly [number, number] } | null = null
  for (const ring of rings) {
    let [twice, x, y] = [0, 0, 0]
    ring.forEach(([x1, y1], index) => {
      const [x2, y2] = ring[(index + 1) % ring.length] ?? [x1, y1]
      const cross = x1 * y2 - x2 * y1
      ;[twice, x, y] = [twice + cross, x + (x1 + x2) * cross, y + (y1 + y2) * cross]
    })
    const size = Math.abs(twice)
    if (size > (found?.size ?? 0)) found = { size, at: [x / (3 * twice), y / (3 * twice)] }
  }
  return found?.at ?? null
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

/** Names of areas as a series of its own: areas themselves do not know when their names lie over each other. */
function namesOf(chart: MapChart, palette: Palette, selected: string): ScatterSeriesOption {
  const byKey = new Map(chart.rows.map((row) => [row.key, row]))
  const found = chart.areas.features.flatMap(({ id, geometry }) => {
    const row = byKey.get(String(id ?? ''))
    const at = middleOf(geometry)
    return row && at ? [{ name: row.name, value: [...at], label: inkOf(row, chart, palette), isFirst: row.key === selected }] : []
  })
  return {
    type: 'scatter',
    coordinateSystem: 'geo',
    symbolSize: 0,
    silent: true,
    label: { show: true, position: 'inside', fontSize: palette.size, fontFamily: palette.font, formatter: '{b}' },
    labelLayout: { hideOverlap: true },
    data: found.sort((one, other) => Number(other.isFirst) - Number(one.isFirst)).map(({ name, value, label }) => ({ name, value, label })),
  }
}

function stepOfRow({ value }: MapChart['rows'][number], chart: MapChart): number {
  const range = rangeOfMap(chart)
  return isKnown(value) && range ? stepOf(value, range) : 0
}

/** A name that is longer than its area is wide carries the area's colour along. */
function inkOf(row: MapChart['rows'][number], chart: MapChart, palette: Palette) {
  const number = stepOfRow(row, chart)
  const [color, textBorderColor] = number > 0 ? [onStep(palette, number), step(palette, number)] : [palette.soft, palette.sunk]
  return { color, textBorderColor, textBorderWidth: palette.size / 4 }
}

function regionOf(row: MapChart['rows'][number], chart: MapChart, palette: Palette, isSelected: boolean) {
  const number = stepOfRow(row, chart)
  const areaColor = row.value === 'withheld' ? palette.hatch : number > 0 ? step(palette, number) : palette.sunk
  // Without a colour of its own an area needs an edge, or on a dark wall it is no place at all.
  const edge = isSelected ? { borderColor: palette.now, borderWidth: palette.size / 5 } : number > 0 ? {} : { borderColor: palette.edge }
  const itemStyle = { areaColor, ...edge }
  return { name: row.key, itemStyle, emphasis: { itemStyle: { areaColor } } }
}

/** `map`: under which its outlines are registered. */
export function mapOption(chart: MapChart, palette: Palette, selected: string, map: string): Option {
  const { size, page, fg } = palette
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
      label: { show: false },
      emphasis: { itemStyle: { borderColor: fg, borderWidth: size / 6 }, label: { show: false } },
      regions: rows.map((row) => regionOf(row, chart, palette, row.key === selected)),
    },
    series: [...(chart.areas.features.length <= named ? [namesOf(chart, palette, selected)] : []), pointsOf(chart, palette)],
  }
}
