// Which of the things on a TV lies next in the direction of an arrow key: geometry alone, so that pages of plugins need no order of their own.

export type Direction = 'up' | 'down' | 'left' | 'right'

export interface Box {
  left: number
  top: number
  right: number
  bottom: number
}

/** Beside the way is worse than far along it; of two in the way the one nearer to the middle. */
const aside = 6
const skew = 0.1

/** The box as if every arrow pointed right: `near` to `far` is the way, `low` to `high` lies across it. */
function turned(box: Box, to: Direction): { near: number; far: number; low: number; high: number } {
  if (to === 'right') return { near: box.left, far: box.right, low: box.top, high: box.bottom }
  if (to === 'left') return { near: -box.right, far: -box.left, low: box.top, high: box.bottom }
  if (to === 'down') return { near: box.top, far: box.bottom, low: box.left, high: box.right }
  return { near: -box.bottom, far: -box.top, low: box.left, high: box.right }
}

/** Index of the nearest box that way; -1 where there is none. */
export function nearest(from: Box, to: Direction, boxes: readonly Box[]): number {
  const here = turned(from, to)
  const costs = boxes.map((box) => {
    const there = turned(box, to)
    const isAhead = there.near + there.far > here.near + here.far && there.near >= (here.near + here.far) / 2
    if (!isAhead) return Infinity
    const along = Math.max(0, there.near - here.far)
    const across = Math.max(0, there.low - here.high, here.low - there.high)
    return along + aside * across + (skew * Math.abs(there.low + there.high - here.low - here.high)) / 2
  })
  const least = Math.min(Infinity, ...costs)
  return least === Infinity ? -1 : costs.indexOf(least)
}
