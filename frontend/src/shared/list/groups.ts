// A chart of a list: its rows counted by a column. What is counted lies in the address, beside the filters it is counted under.
import { keepPreviousData, useQuery } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import type { Schemas } from '@/shared/api/client'
import { parameter, type ListQuery } from './list-state'

export type Groups = Schemas['GroupsOut']
export type LoadGroups = (query: ListQuery, signal: AbortSignal) => Promise<Groups>
export type Look = 'bars' | 'line'

function without(query: ListQuery, ...names: readonly string[]): ListQuery {
  return Object.fromEntries(Object.entries(query).filter(([name]) => !names.includes(name))) as ListQuery
}

/** What a chart asks, as the call wants it: not where one stands in the list, nor in which order. */
export function counted(query: ListQuery): never {
  return without(query, 'cursor', 'limit', 'sort') as never
}

/** `view`: the table or the chart; what is counted by what, in which lengths of time, and how times are drawn. */
export function useChartState() {
  const [route, router] = [useRoute(), useRouter()]
  return {
    view: parameter(route, router, 'view', 'table'),
    by: parameter(route, router, 'by'),
    of: parameter(route, router, 'of'),
    per: parameter(route, router, 'per', 'month'),
    look: parameter(route, router, 'look', 'bars'),
  }
}

export type ChartState = ReturnType<typeof useChartState>

interface GroupsSource {
  key: MaybeRefOrGetter<readonly unknown[]>
  query: MaybeRefOrGetter<ListQuery>
  state: ChartState
  load: LoadGroups
}

export function useGroups({ key, query, state: { by, of, per }, load }: GroupsSource) {
  const asked = computed<ListQuery>(() => ({
    ...without(toValue(query), 'cursor', 'sort'),
    per: per.value,
    ...(by.value && { by: by.value }),
    ...(of.value && { of: of.value }),
  }))
  return useQuery({
    queryKey: computed(() => [...toValue(key), 'groups', asked.value]),
    queryFn: ({ signal }) => load(asked.value, signal),
    placeholderData: keepPreviousData,
  })
}

/** Days, months or years that a chart still shows one by one. */
const most = 120
const twoDigits = (part: number): string => String(part).padStart(2, '0')

function next(value: string): string {
  const [year = 0, month, day] = value.split('-').map(Number)
  if (month === undefined) return String(year + 1)
  if (day === undefined) return month === 12 ? `${String(year + 1)}-01` : `${String(year)}-${twoDigits(month + 1)}`
  return new Date(Date.UTC(year, month - 1, day + 1)).toISOString().slice(0, 10)
}

/** Times without rows stand between those with some, so that a line does not leap over them; not where that would be too many. */
export function withoutGaps(values: readonly string[]): readonly string[] {
  const [first, last] = [values[0], values[values.length - 1]]
  if (first === undefined || last === undefined) return values
  const all = [first]
  for (let value = next(first); value <= last && all.length <= most; value = next(value)) all.push(value)
  return all.length > most ? values : all
}
