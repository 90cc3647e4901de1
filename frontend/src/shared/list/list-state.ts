// What a list shows lives in the address: a link, the back button and a reload give the same rows.
import { computed, type WritableComputedRef } from 'vue'
import { useRoute, useRouter, type RouteLocationNormalizedLoaded, type Router } from 'vue-router'

export interface ListQuery {
  q?: string
  sort?: string
  cursor?: string
  limit: number
  [filter: string]: string | number | undefined
}

interface ListOptions<Filter extends string> {
  filters?: readonly Filter[]
  /** The order of a list that nobody has sorted, as the server understands it. */
  sort?: string
  limit?: number
}

function read({ query }: RouteLocationNormalizedLoaded, key: string): string {
  const found = query[key]
  return typeof found === 'string' ? found : ''
}

/** A parameter of the address; another value begins at the first page. */
export function parameter(route: RouteLocationNormalizedLoaded, router: Router, key: string, usual = ''): WritableComputedRef<string> {
  return computed({
    get: () => read(route, key) || usual,
    set: (wanted) => {
      const rest = Object.entries(route.query).filter(([name]) => name !== 'cursor' && name !== key)
      const own = wanted === usual || wanted === '' ? [] : [[key, wanted] as const]
      void router.push({ query: Object.fromEntries([...rest, ...own]) })
    },
  })
}

/** Cursors of the pages before this one, kept with the entry in the browser's history. */
function passedCursors(): string[] {
  const kept: unknown = (history.state as { cursors?: unknown } | null)?.cursors
  return Array.isArray(kept) ? kept.filter((cursor): cursor is string => typeof cursor === 'string') : []
}

function usePaging(route: RouteLocationNormalizedLoaded, router: Router, limit: number) {
  const cursor = computed(() => read(route, 'cursor'))
  // history.state is no ref: the route's full path says when it may have changed.
  const passed = computed(() => (route.fullPath === '' ? [] : passedCursors()))
  const go = (to: string, cursors: string[]): void => {
    void router.push({ query: { ...route.query, cursor: to || undefined }, state: { cursors } })
  }
  return {
    cursor,
    hasPrevious: computed(() => cursor.value !== ''),
    /** Rows before this page; unknown after a link into the middle of the list. */
    before: computed(() => {
      if (cursor.value === '') return 0
      return passed.value.length > 0 ? passed.value.length * limit : undefined
    }),
    next: (to: string) => go(to, [...passed.value, cursor.value]),
    /** Back by one page; after a link into the middle, to the beginning. */
    previous: () => go(passed.value[passed.value.length - 1] ?? '', passed.value.slice(0, -1)),
  }
}

export function useListState<Filter extends string = never>({ filters = [], sort: usual = '', limit = 50 }: ListOptions<Filter> = {}) {
  const route = useRoute()
  const router = useRouter()
  const q = parameter(route, router, 'q')
  const sort = parameter(route, router, 'sort', usual)
  const paging = usePaging(route, router, limit)
  const active = computed(() => filters.map((key) => ({ key, value: read(route, key) })).filter(({ value }) => value !== ''))
  const query = computed<ListQuery>(() => ({
    ...(q.value && { q: q.value }),
    ...(sort.value && { sort: sort.value }),
    ...(paging.cursor.value && { cursor: paging.cursor.value }),
    ...Object.fromEntries(active.value.map(({ key, value }) => [key, value])),
    limit,
  }))
  return {
    ...paging,
    q,
    sort,
    query,
    /** The filters that are on. */
    filters: active,
    filter: (key: Filter) => parameter(route, router, key),
    /** As the list begins: an address may ask for what the server does not know. */
    reset: () => void router.replace({ query: {} }),
    removeFilter: (key: string) => {
      parameter(route, router, key).value = ''
    },
  }
}

export type ListState<Filter extends string = never> = ReturnType<typeof useListState<Filter>>
