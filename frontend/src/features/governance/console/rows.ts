// Rows of the grid: a tenant and what lies below those that are unfolded, fetched when they are.
import { useQueries } from '@tanstack/vue-query'
import { computed, ref, type ComputedRef } from 'vue'
import { listGrid, type GridRow } from './governance'

export interface Row extends GridRow {
  depth: number
  open: boolean
  /** Its rows are on their way. */
  pending: boolean
}

/** More stand below than were fetched; the tree and its search lead to the rest. */
const most = 300

/** Puts rows in the order of the tree. `below` holds what was fetched, by the tenant above it. */
export function flatten(below: ReadonlyMap<number | null, readonly GridRow[]>, open: ReadonlySet<number>): Row[] {
  const place = (row: GridRow, depth: number): Row[] => {
    const { id } = row.tenant
    const isOpen = open.has(id)
    const rows = below.get(id)
    const own = { ...row, depth, open: isOpen, pending: isOpen && rows === undefined }
    return [own, ...(isOpen ? (rows ?? []).flatMap((next) => place(next, depth + 1)) : [])]
  }
  const [self, ...children] = below.get(null) ?? []
  if (!self) return []
  return [{ ...self, depth: 0, open: true, pending: false }, ...children.flatMap((row) => place(row, 1))]
}

export async function loadRows(code: string, parent: number | null): Promise<GridRow[]> {
  const rows: GridRow[] = []
  let cursor: string | undefined
  do {
    const { items, next } = await listGrid(code, parent, cursor)
    // Below a tenant other than the acting one, its own row is there already.
    rows.push(...(parent === null ? items : items.filter(({ self }) => !self)))
    cursor = next ?? undefined
  } while (cursor !== undefined && rows.length < most)
  return rows
}

export function useRows(code: ComputedRef<string>) {
  const open = ref(new Set<number>())
  const parents = computed<(number | null)[]>(() => [null, ...open.value])
  const found = useQueries({
    queries: computed(() => parents.value.map((parent) => ({ queryKey: ['governance', 'grid', code.value, parent], queryFn: () => loadRows(code.value, parent) }))),
  })
  const below = computed(() => new Map(parents.value.flatMap((parent, index) => (found.value[index]?.data ? [[parent, found.value[index].data] as const] : []))))
  return {
    rows: computed(() => flatten(below.value, open.value)),
    /** Of the first rows; later ones say so in their place. */
    isPending: computed(() => found.value[0]?.isPending === true),
    problem: computed(() => found.value.find(({ error }) => error !== null)?.error ?? null),
    retry: () => found.value.forEach((answer) => void answer.refetch()),
    toggle: (id: number) => {
      const next = new Set(open.value)
      if (!next.delete(id)) next.add(id)
      open.value = next
    },
  }
}
