// Stations by their coordinates, on the outlines that the tenant gave, or alone on a plain ground.
import { type Areas, type MapChart } from '@wuji/charts'
import { toneOf, type StationRow } from '../stations'

type Say = (key: string, values?: Record<string, unknown>) => string
type Placed = StationRow & { longitude: number; latitude: number }

export const isPlaced = (row: StationRow): row is Placed => row.longitude !== null && row.latitude !== null

/** Where nobody gave outlines: a frame around the stations, so that they lie to each other as they do in reality. */
export function frameOf(rows: readonly Placed[]): Areas {
  const margin = 0.01
  const [west, east] = [Math.min(...rows.map(({ longitude }) => longitude)) - margin, Math.max(...rows.map(({ longitude }) => longitude)) + margin]
  const [south, north] = [Math.min(...rows.map(({ latitude }) => latitude)) - margin, Math.max(...rows.map(({ latitude }) => latitude)) + margin]
  const ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
  return { type: 'FeatureCollection', features: [{ type: 'Feature', id: 'frame', properties: {}, geometry: { type: 'Polygon', coordinates: [ring] } }] }
}

export function mapOf(rows: readonly StationRow[], outlines: Areas | null, say: Say): MapChart | undefined {
  const placed = rows.filter(isPlaced)
  if (placed.length === 0) return undefined
  const areas = outlines !== null && outlines.features.length > 0 ? outlines : frameOf(placed)
  const share = (row: StationRow): string => (row.share === null ? say('ui.unknown') : say('ui.percent', { value: Math.round(row.share) }))
  return {
    kind: 'map',
    head: say('ui.list.station'),
    name: say('ui.list.share'),
    unit: '%',
    decimals: 0,
    areas,
    rows: placed.map((row) => ({ key: row.id, name: row.name, value: row.share })),
    points: placed.map((row) => ({ key: row.id, name: say('ui.list.point', { name: row.name, share: share(row) }), at: [row.longitude, row.latitude] as const, tone: row.silent > 0 && row.silent === row.devices ? ('bad' as const) : toneOf(row.share) })),
    note: say('ui.list.sketch'),
  }
}
