// From what the API answers to what is drawn.
import type { Amount } from '@/kit/chart/chart'
import type { Schemas } from '@/shared/api/client'

export type Figure = Schemas['FigureOut']
export type Card = Schemas['CardOut']
type Cell = Pick<Schemas['FigureCellOut'], 'value' | 'withheld'>

export const amountOf = (cell: Cell | undefined): Amount => (cell === undefined ? null : cell.withheld ? 'withheld' : cell.value)

export interface ChildValue {
  code: string
  name: string
  level: number
  value: Amount
}

/** What children are held against: the target where there is one; of a ratio that of the whole, otherwise their mean. */
export function aimOf(figure: Pick<Figure, 'target' | 'measure' | 'share' | 'decimals'>, whole: Amount, children: readonly Pick<ChildValue, 'value'>[]): { kind: 'target' | 'whole' | 'mean'; value: number } | null {
  if (figure.target !== null) return { kind: 'target', value: figure.target }
  if (figure.measure === 'ratio') return typeof whole === 'number' ? { kind: 'whole', value: whole } : null
  const known = children.flatMap(({ value }) => (typeof value === 'number' ? [value] : []))
  return known.length === 0 ? null : { kind: 'mean', value: known.reduce((sum, value) => sum + value, 0) / known.length }
}

const wayOff = { up: -1, down: 1 } as const

/** As many as are asked for of those whose value is known: furthest on the wrong side of what they are held against, where neither
 * side is wrong furthest from it. They stay in their own order: places are not ranked. */
export function farthestOf<Row extends Pick<ChildValue, 'value'>>(rows: readonly Row[], from: number, better: Figure['better'], most: number): Row[] {
  const off = (value: number): number => (better === 'none' ? Math.abs(value - from) : wayOff[better] * (value - from))
  const known = rows.flatMap((row) => (typeof row.value === 'number' ? [{ row, off: off(row.value) }] : []))
  const kept = new Set(known.sort((one, other) => other.off - one.off).slice(0, most).map(({ row }) => row))
  return rows.filter((row) => kept.has(row))
}

/** The last thirty days; what is about people is not put together from days, and stays with this month. */
export const spanOf = (figure: Pick<Figure, 'people' | 'measure'> | undefined): 'days' | 'month' => (figure?.people || figure?.measure === 'distinct' ? 'month' : 'days')

const urgency = { bad: 0, warn: 1, '': 2 } as const

/** What needs a person, of all plugins: the most urgent first, otherwise in their own order. */
export function needsOf(cards: readonly Card[]): Card['rows'] {
  const rows = cards.filter(({ place }) => place === 'side').flatMap((card) => card.rows)
  return rows.map((row, index) => ({ row, index })).sort((one, other) => urgency[one.row.tone] - urgency[other.row.tone] || one.index - other.index).map(({ row }) => row)
}

/** The next of so many when an arrow is pressed; from nowhere to the first or the last. */
export function stepTo(count: number, from: number, by: 1 | -1): number {
  if (from === -1) return by === 1 ? 0 : count - 1
  return (from + by + count) % count
}
