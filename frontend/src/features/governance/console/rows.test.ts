import { expect, it } from 'vitest'
import type { GridRow } from './governance'
import { flatten } from './rows'

const row = (id: number, children: number | null = 0): GridRow => ({ self: children === null, tenant: { id, code: String(id), name: `第${id}`, level: 1, children }, cells: [] })

it('unfolds what was opened, each below its own', () => {
  const below = new Map<number | null, GridRow[]>([[null, [row(1, null), row(2, 2), row(3, 1)]], [2, [row(21), row(22, 4)]]])
  const shown = (...open: number[]) => flatten(below, new Set(open)).map(({ tenant, depth, pending }) => [tenant.id, depth, pending])
  expect(shown()).toEqual([[1, 0, false], [2, 1, false], [3, 1, false]])
  expect(shown(2)).toEqual([[1, 0, false], [2, 1, false], [21, 2, false], [22, 2, false], [3, 1, false]])
  expect(shown(3, 22)).toEqual([[1, 0, false], [2, 1, false], [3, 1, true]])
  expect(flatten(new Map(), new Set())).toEqual([])
})
