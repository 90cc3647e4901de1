// Status tabs of a list: each says how many rows it has, and changes nothing else of what is asked.
import { useQueries } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import { useRoute, type LocationQueryRaw } from 'vue-router'
import type { Total } from '@/shared/i18n/format'
import type { Page } from './list'
import type { ListQuery } from './list-state'

interface Tabs<Value extends string> {
  /** The key of the list: what refreshes its rows refreshes these numbers. */
  key: MaybeRefOrGetter<readonly unknown[]>
  query: MaybeRefOrGetter<ListQuery>
  load: (query: ListQuery, signal: AbortSignal) => Promise<Page<unknown>>
  /** What each tab puts into the address, the usual one first. */
  tabs: Record<Value, Readonly<Record<string, string>>>
  label: (value: Value) => string
  /** The tab whose rows wait for somebody. */
  due?: NoInfer<Value>
}

export interface StatusTabs {
  current: string
  /** What of the address the tabs show, so that no button has to. */
  keys: readonly string[]
  items: readonly { value: string; label: string; to: { query: LocationQueryRaw }; count?: Total; due: boolean }[]
}

export function useTabs<Value extends string>({ key, query, load, tabs, label, due }: Tabs<Value>) {
  const route = useRoute()
  const values = Object.keys(tabs) as Value[]
  const keys = [...new Set(values.flatMap((value) => Object.keys(tabs[value])))]
  /** What is asked beside the tab: words to look for, other filters. */
  const rest = computed(() => {
    const kept = Object.entries(toValue(query)).filter(([name]) => !['cursor', 'sort', 'limit', ...keys].includes(name))
    return Object.fromEntries(kept)
  })
  const counts = useQueries({
    queries: computed(() =>
      values.map((value) => {
        const asked = { ...rest.value, ...tabs[value], limit: 1 }
        return { queryKey: [...toValue(key), 'count', asked], queryFn: async ({ signal }: { signal: AbortSignal }) => (await load(asked, signal)).total }
      }),
    ),
  })
  const isOn = (value: Value): boolean => keys.every((name) => (route.query[name] ?? undefined) === tabs[value][name])
  return computed<StatusTabs>(() => {
    const others = Object.fromEntries(Object.entries(route.query).filter(([name]) => !['cursor', 'open', ...keys].includes(name)))
    const items = values.map((value, index) => {
      const count = counts.value[index]?.data
      return { value, label: label(value), to: { query: { ...others, ...tabs[value] } }, ...(count && { count }), due: value === due && (count?.value ?? 0) > 0 }
    })
    return { current: values.find(isOn) ?? values[0] ?? '', keys, items }
  })
}
