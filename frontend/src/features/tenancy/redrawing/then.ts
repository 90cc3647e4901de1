// The tree as it was on a day: out of the history, so names, codes and parents are those of that day.
import type { LoadChildren, TreeNode } from '@/kit/tree/tree'
import { api, bodyOf, type Schemas } from '@/shared/api/client'
import type { Level } from '@/shared/place/place'

export type Then = Schemas['TenancyThenItem']

const grid = 5
const most = 20

async function read(code: string, day: string, more: { parent?: string; q?: string; sort?: 'level'; limit?: number; cursor?: string }) {
  const query = { as_of: day, limit: 100, ...more }
  return bodyOf(await api.GET('/api/v1/tenants/{tenant_code}/tree', { params: { path: { tenant_code: code }, query } }))
}

/** The acting tenant as it was; null where it was not there yet. */
export async function readTop(code: string, day: string): Promise<Then | null> {
  return (await read(code, day, { sort: 'level', limit: 1 })).items[0] ?? null
}

export async function findThen(code: string, day: string, wanted: string): Promise<Then | null> {
  return (await read(code, day, { q: wanted })).items.find((item) => item.code === wanted) ?? null
}

export async function listThen(code: string, day: string, parent: string): Promise<Then[]> {
  const rows: Then[] = []
  let cursor: string | undefined
  for (let page = 0; page < most; page += 1) {
    const { items, next } = await read(code, day, { parent, ...(cursor !== undefined && { cursor }) })
    rows.push(...items)
    if (next === null) break
    cursor = next
  }
  return rows
}

export const toThenNode = ({ code, name, level }: Then): TreeNode => ({ key: code, label: name, level: level as Level, ...(level >= grid && { leaf: true }) })

export function loadThen(code: string, day: string): LoadChildren {
  return async ({ key }) => (await listThen(code, day, key)).map(toThenNode)
}

/** A day as the address has it; anything else is today. */
export const dayOf = (found: unknown): string | null => (typeof found === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(found) && !Number.isNaN(Date.parse(found)) ? found : null)
