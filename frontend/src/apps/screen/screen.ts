// What a screen asks for: sums, cards and outlines, each again from time to time, and at once where it is told of a change.
import { useQueries, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, type ComputedRef } from 'vue'
import { askAgain } from '@/shared/api/again'
import { api, bodyOf } from '@/shared/api/client'
import { isAtTenant, useSession } from '@/shared/session/session'
import type { Level, Place } from '@/shared/place/place'
import { aimOf, amountOf, spanOf, type ChildValue, type Figure } from './amounts'
import { dayIn } from '../clock'

const soon = 15_000
const seldom = 60_000
const days = 13
/** With today, thirty. */
const back = 29
const zoneUntilKnown = 'Asia/Shanghai'
/** A screen that hangs behind another window is still looked at. */
const always = { refetchIntervalInBackground: true } as const

export const dayBefore = (day: string, count: number): string => new Date(Date.parse(day) - count * 86_400_000).toISOString().slice(0, 10)

/** The way down to the place, as far as the reader may enter. */
function useAbove(code: ComputedRef<string>) {
  const { all } = useSession()
  const found = useQuery({
    queryKey: computed(() => ['screen', code.value, 'place']),
    queryFn: async () => bodyOf(await api.GET('/api/v1/tenants/{tenant_code}', { params: { path: { tenant_code: code.value } } })),
    staleTime: seldom,
  })
  return computed<Place[]>(() => {
    const codes = new Set(all.value.filter(isAtTenant).map(({ tenant }) => tenant.code))
    const ancestors = found.data.value?.ancestors ?? []
    const first = ancestors.findIndex((ancestor) => codes.has(ancestor.code))
    return first === -1 ? [] : ancestors.slice(first).map((one) => ({ ...one, level: one.level as Level }))
  })
}

function useChildren(code: ComputedRef<string>, figure: ComputedRef<Figure | undefined>, day: ComputedRef<string>) {
  const query = useQuery({
    queryKey: computed(() => ['screen', code.value, 'figures', 'children', figure.value?.name, day.value]),
    queryFn: async () => {
      const path = { tenant_code: code.value, figure_id: figure.value?.name ?? '' }
      const query = spanOf(figure.value) === 'month' ? { period: 'month' as const, first: day.value, last: day.value } : { period: 'day' as const, first: dayBefore(day.value, back), last: day.value, together: true }
      return bodyOf(await api.GET('/api/v1/tenants/{tenant_code}/figures/{figure_id}/children', { params: { path, query } }))
    },
    enabled: computed(() => figure.value !== undefined),
    refetchInterval: seldom,
    ...always,
  })
  const rows = computed<ChildValue[]>(() =>
    (query.data.value?.items ?? []).filter(({ tenant }) => tenant.state === 'active').map(({ tenant, cells }) => ({ code: tenant.code, name: tenant.name, level: tenant.level, value: amountOf(cells[0]) })),
  )
  const aim = computed(() => (figure.value === undefined ? null : aimOf(figure.value, amountOf(query.data.value?.cells[0]), rows.value)))
  return { query, rows, aim }
}

const at = (code: string) => ({ path: { tenant_code: code } })

/** What stands around the figures; every few seconds, so that a screen notices when it is cut off. */
function useFrame(code: ComputedRef<string>) {
  return useQuery({
    queryKey: computed(() => ['screen', code.value, 'frame']),
    queryFn: () => askAgain(`screen ${code.value}`, (headers) => api.GET('/api/v1/tenants/{tenant_code}/screen', { params: at(code.value), headers })),
    refetchInterval: soon,
    ...always,
  })
}

function useCards(code: ComputedRef<string>) {
  return useQuery({
    queryKey: computed(() => ['screen', code.value, 'cards']),
    queryFn: async () => bodyOf(await api.GET('/api/v1/tenants/{tenant_code}/cards', { params: { ...at(code.value), query: { surface: 'screen' } } })).items,
    refetchInterval: soon,
    ...always,
  })
}

function useMap(code: ComputedRef<string>) {
  return useQuery({
    queryKey: computed(() => ['screen', code.value, 'map']),
    queryFn: () => askAgain(`map ${code.value}`, (headers) => api.GET('/api/v1/tenants/{tenant_code}/map', { params: at(code.value), headers })),
    refetchInterval: 10 * seldom,
    ...always,
  })
}

/** The chosen figures, as they are called and measured. */
function useFigures(code: ComputedRef<string>, chosen: () => readonly string[]) {
  const known = useQuery({
    queryKey: computed(() => ['screen', code.value, 'known']),
    queryFn: async () => bodyOf(await api.GET('/api/v1/tenants/{tenant_code}/figures', { params: at(code.value) })).items,
    refetchInterval: 10 * seldom,
    ...always,
  })
  return computed(() => chosen().flatMap((name) => known.data.value?.find((figure) => figure.name === name) ?? []))
}

/** Each of them day by day, for two weeks. */
function useDaily(code: ComputedRef<string>, figures: ComputedRef<Figure[]>, day: ComputedRef<string>) {
  const series = useQueries({
    queries: computed(() =>
      figures.value.map(({ name }) => ({
        queryKey: ['screen', code.value, 'figures', name, day.value],
        queryFn: async () => {
          const path = { tenant_code: code.value, figure_id: name }
          const query = { period: 'day' as const, first: dayBefore(day.value, days), last: day.value }
          return bodyOf(await api.GET('/api/v1/tenants/{tenant_code}/figures/{figure_id}/series', { params: { path, query } }))
        },
        refetchInterval: seldom,
        ...always,
      })),
    ),
  })
  return computed(() => figures.value.map((figure, index) => ({ figure, starts: series.value[index]?.data?.starts ?? [], values: (series.value[index]?.data?.cells ?? []).map(amountOf) })))
}

export function useScreen(code: ComputedRef<string>) {
  const client = useQueryClient()
  const frame = useFrame(code)
  const zone = computed(() => frame.data.value?.zone ?? zoneUntilKnown)
  const day = computed(() => frame.data.value?.today ?? dayIn(zone.value, new Date()))
  const figures = useFigures(code, () => frame.data.value?.figures ?? [])
  return {
    frame,
    zone,
    figures,
    cards: useCards(code),
    map: useMap(code),
    daily: useDaily(code, figures, day),
    children: useChildren(code, computed(() => figures.value[0]), day),
    above: useAbove(code),
    again: (part: string): void => void client.invalidateQueries({ queryKey: ['screen', code.value, part] }),
    turn: (): void => void client.invalidateQueries({ queryKey: ['screen'] }),
  }
}
