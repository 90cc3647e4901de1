// What somebody chooses on the way to a change: which tenants may be chosen and why others may not, and what is sent of it.
import type { Managed as Row } from '@/shared/place/find'
import type { Op, Wish } from './calls'

/** As much of a tenant as choosing takes. */
export type Chosen = Pick<Row, 'id' | 'code' | 'name' | 'level' | 'category' | 'state' | 'children' | 'parent'>

/** As much of a tenant as the public directory says. */
export type Listed = Pick<Row, 'code' | 'name' | 'level' | 'category'>

export interface Typed {
  op: Op
  tenant: Chosen | null
  parent: Chosen | null
  /** Empty: the usual one. */
  level: string
  code: string
  name: string
  children: number[]
}

export type Barred = 'closed' | 'itself' | 'stands_there' | 'too_low' | 'below_itself' | 'childless'

const grid = 5

export const takesParent = (op: Op): boolean => op === 'move' || op === 'merge'

/** Why a tenant cannot be what is changed. */
export function barredFrom(op: Op, row: Chosen): Barred | null {
  return op === 'split' && row.children === 0 ? 'childless' : null
}

function tooLow(op: Op, tenant: Chosen, row: Chosen): boolean {
  if (op === 'merge') return tenant.children > 0 && row.level > tenant.level
  return row.level >= (tenant.category === 'territory' ? tenant.level : grid)
}

/** Why a tenant cannot be the new parent, or the one that another becomes part of. What cannot be known here the server says. */
export function barredAsParent(op: Op, tenant: Chosen, row: Chosen): Barred | null {
  if (row.code === tenant.code) return 'itself'
  if (row.state !== 'active') return 'closed'
  if (op === 'move' && row.code === tenant.parent) return 'stands_there'
  if (row.parent === tenant.code) return 'below_itself'
  return tooLow(op, tenant, row) ? 'too_low' : null
}

/** Level and code that somebody comes in with, where other ones are wanted. */
export const adoptable = (level: string, code: string): Pick<Wish, 'level' | 'code'> => ({
  ...(level !== '' && { level: Number(level) }),
  ...(code.trim() !== '' && { code: code.trim() }),
})

/** Null while something is missing. */
export function wishOf({ op, tenant, parent, level, code, name, children }: Typed): Wish | null {
  if (tenant === null || (takesParent(op) && parent === null)) return null
  const to = parent === null ? {} : { parent_id: parent.id }
  const own = { op, tenant_id: tenant.id }
  const placed = adoptable(level, code)
  if (op === 'dissolve') return own
  if (op === 'merge') return { ...own, ...to }
  if (op === 'move') return { ...own, ...to, ...placed }
  if (op === 'relevel') return { ...own, ...placed }
  return { ...own, ...adoptable('', code), name: name.trim(), children }
}

/** After thirty days nothing brings these back: what has become one cannot be told apart. */
export const isForGood = (op: Op): boolean => op === 'merge' || op === 'dissolve'
