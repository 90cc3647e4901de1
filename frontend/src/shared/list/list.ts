// A list of the API on a page: its state in the address, its rows from the server, one page at a time.
import { keepPreviousData, useQuery } from '@tanstack/vue-query'
import { computed, ref, toValue, watch, type MaybeRefOrGetter } from 'vue'
import type { Total } from '@/shared/i18n/format'
import type { LoadGroups } from './groups'
import type { ListQuery, ListState } from './list-state'

export interface Page<Row> {
  items: Row[]
  /** Cursor of the page after this one; null on the last. */
  next: string | null
  total: Total
}

interface ListSource<Row, Filter extends string> {
  /** Names the list among all that is fetched: feature, list, and what else its rows depend on, such as the tenant. */
  key: MaybeRefOrGetter<readonly unknown[]>
  state: ListState<Filter>
  load: (query: ListQuery, signal: AbortSignal) => Promise<Page<Row>>
  /** Its rows counted by a column: the page offers a chart. */
  groups?: LoadGroups
  /** Milliseconds until these rows are read again, while somebody looks; false: they keep still. */
  every?: (rows: readonly Row[]) => number | false
}

export function useList<Row, Filter extends string = never>({ key, state, load, groups, every = () => false }: ListSource<Row, Filter>) {
  const answer = useQuery({
    queryKey: computed(() => [...toValue(key), state.query.value]),
    queryFn: ({ signal }) => load(state.query.value, signal),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state: { data } }) => every(data?.items ?? []),
  })
  const selected = ref<string[]>([])
  // What was picked under one filter is not meant under another.
  const asked = (): string => JSON.stringify([state.q.value, state.filters.value])
  watch(asked, () => (selected.value = []))
  return {
    key,
    state,
    groups,
    selected,
    rows: computed<Row[]>(() => answer.data.value?.items ?? []),
    total: computed<Total>(() => answer.data.value?.total ?? { value: 0, capped: false }),
    hasNext: computed(() => (answer.data.value?.next ?? null) !== null),
    next: () => {
      const cursor = answer.data.value?.next
      if (cursor) state.next(cursor)
    },
    pending: answer.isFetching,
    /** Nothing has been read yet: a skeleton of rows, not rows that are read again. */
    first: answer.isPending,
    problem: computed(() => answer.error.value),
    /** What the server refuses to understand is not asked again. */
    retry: async (): Promise<void> => {
      if (answer.error.value?.status === 422) state.reset()
      else await answer.refetch()
    },
  }
}

export type List<Row, Filter extends string = never> = ReturnType<typeof useList<Row, Filter>>
