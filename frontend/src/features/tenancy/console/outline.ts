// An outline as a picture: the path of an SVG, north above.

type Position = readonly [number, number]
export interface Geometry {
  type: string
  coordinates: unknown
}

/** In which coordinates an outline may be given. */
export const frames = ['wgs84', 'gcj02', 'plan'] as const
const size = 100

/** A geometry of ours, which the server has checked: polygons of rings of positions. */
function ringsOf({ type, coordinates }: Geometry): Position[][] {
  const polygons = (type === 'Polygon' ? [coordinates] : coordinates) as Position[][][]
  return polygons.flat()
}

export function countPoints(geometry: Geometry): number {
  return ringsOf(geometry).reduce((sum, ring) => sum + ring.length, 0)
}

/** Fits into a field of 100 × 100; degrees of longitude are as long as they are there, metres as they are. */
export function pathOf(geometry: Geometry, [west = 0, south = 0, east = 1, north = 1]: readonly number[], isPlan: boolean): string {
  const narrow = isPlan ? 1 : Math.max(0.1, Math.cos((((south + north) / 2) * Math.PI) / 180))
  const [width, height] = [(east - west) * narrow, north - south]
  const scale = size / (Math.max(width, height) || 1)
  const [left, top] = [(size - width * scale) / 2, (size - height * scale) / 2]
  const at = ([x, y]: Position): string => `${((x - west) * narrow * scale + left).toFixed(2)} ${((north - y) * scale + top).toFixed(2)}`
  return ringsOf(geometry)
    .map((ring) => `M${ring.map(at).join('L')}Z`)
    .join('')
}
