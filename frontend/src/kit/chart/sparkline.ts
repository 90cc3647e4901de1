// A sparkline as runs of points in a field of 160 × 36: each run ends where something is not known.
import { isKnown, rangeOf } from './amount'
import type { Amount } from './chart'

const [left, right, top, bottom, floor] = [4, 156, 6, 30, 36]

export interface Run {
  line: string
  area: string
}

export function runsOf(values: readonly Amount[]): Run[] {
  const range = rangeOf(values)
  if (range === null || values.filter(isKnown).length < 2) return []
  const [least, most] = range
  const x = (index: number): number => left + ((right - left) * index) / Math.max(1, values.length - 1)
  const y = (value: number): number => (most === least ? (top + bottom) / 2 : bottom - ((bottom - top) * (value - least)) / (most - least))
  const runs: { x: number; y: number }[][] = []
  values.forEach((value, index) => {
    if (!isKnown(value)) return
    const run = isKnown(values[index - 1]) ? runs.at(-1) : undefined
    if (run) run.push({ x: x(index), y: y(value) })
    else runs.push([{ x: x(index), y: y(value) }])
  })
  return runs.map(drawn)
}

/** One point alone is a short stroke: it would not be seen otherwise. */
function drawn(run: readonly { x: number; y: number }[]): Run {
  const [first = { x: 0, y: 0 }] = run
  const points = run.length > 1 ? run : [first, { x: first.x + 2, y: first.y }]
  const line = points.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ')
  return { line, area: `${first.x.toFixed(1)},${floor} ${line} ${(points.at(-1) ?? first).x.toFixed(1)},${floor}` }
}
