// Arrow keys in the grid: one cell takes the focus, and everything else is a key away.

export interface Spot {
  row: number
  column: number
}

type Step = Spot | 'toggle' | null

/** Column 0 holds the names of tenants: right unfolds them, left folds them. */
export function step(key: string, { row, column }: Spot, size: { rows: number; columns: number }, fold: { can: boolean; open: boolean }): Step {
  const at = (nextRow: number, nextColumn: number): Spot => ({
    row: Math.min(Math.max(nextRow, 0), size.rows - 1),
    column: Math.min(Math.max(nextColumn, 0), size.columns - 1),
  })
  if (key === 'ArrowDown') return at(row + 1, column)
  if (key === 'ArrowUp') return at(row - 1, column)
  if (key === 'ArrowRight') return column === 0 && fold.can && !fold.open ? 'toggle' : at(row, column + 1)
  if (key === 'ArrowLeft') return column === 0 && fold.can && fold.open ? 'toggle' : at(row, column - 1)
  if (key === 'Home') return at(row, 0)
  if (key === 'End') return at(row, size.columns - 1)
  return null
}
