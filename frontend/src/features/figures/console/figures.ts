// What is counted at the acting tenant, read as sums: never what was counted itself.
import { useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, onScopeDispose, toValue, type MaybeRefOrGetter } from 'vue'
import type { Amount } from '@/kit/chart/chart'
import { api, bodyOf, type Schemas } from '@/shared/api/client'
import { useLive } from '@/shared/live/live'
import { useActing } from '@/shared/place/acting'
import type { Period } from './periods'

export type Figure = Schemas['FigureOut']
export type Cell = Schemas['FigureCellOut']
export type Value = Schemas['FigureValueOut']
export type Children = Schemas['FigureChildrenOut']

export const permission = 'rollup.figure.read'

/** null: nobody knows; withheld: it would say something of a few people. */
export const amountOf = (cell: Cell | undefined): Amount => (cell?.withheld ? 'withheld' : (cell?.value ?? null))

export const scaleOf = ({ unit, decimals, share }: Figure) => ({ unit, decimals, share })

interface Asked {
  period: MaybeRefOrGetter<Period>
  /** A day of the period; empty: today where the root is. */
  on: MaybeRefOrGetter<string>
}

function useKnown<Chosen>(select: (known: Schemas['FiguresPage']) => Chosen) {
  const { code } = useActing()
  return useQuery({
    queryKey: computed(() => ['figures', code.value, 'all']),
    queryFn: async ({ signal }) => bodyOf(await api.GET('/api/v1/tenants/{tenant_code}/figures', { params: { path: { tenant_code: code.value } }, signal })),
    select,
  })
}

export const useFigures = () => useKnown(({ items }) => items)

/** Those that the tenant has chosen for its first page, in their order. */
export const useFirstFigures = () => useKnown(({ items }) => items.filter(({ card }) => card !== null).sort((one, other) => (one.card ?? 0) - (other.card ?? 0)))

/** Outlines of those right below; they change seldom. */
export function useMap() {
  const { code } = useActing()
  return useQuery({
    queryKey: computed(() => ['map', code.value]),
    queryFn: async ({ signal }) => bodyOf(await api.GET('/api/v1/tenants/{tenant_code}/map', { params: { path: { tenant_code: code.value } }, signal })),
    staleTime: 300_000,
  })
}

export function useValues({ period, on }: Asked) {
  const { code } = useActing()
  return useQuery({
    queryKey: computed(() => ['figures', code.value, 'values', toValue(period), toValue(on)]),
    queryFn: async ({ signal }) => {
      const query = { period: toValue(period), ...(toValue(on) !== '' && { on: toValue(on) }) }
      return bodyOf(await api.GET('/api/v1/tenants/{tenant_code}/figure-values', { params: { path: { tenant_code: code.value }, query }, signal }))
    },
  })
}

interface Spanned {
  figure: MaybeRefOrGetter<string>
  /** null: it is not known yet. */
  span: MaybeRefOrGetter<{ period: Period; first: string; last: string } | null>
}

export function useSeries({ figure, span }: Spanned) {
  const { code } = useActing()
  return useQuery({
    queryKey: computed(() => ['figures', code.value, 'series', toValue(figure), toValue(span)]),
    queryFn: async ({ signal }) => {
      const params = { path: { tenant_code: code.value, figure_id: toValue(figure) }, query: toValue(span) ?? { first: '', last: '' } }
      return bodyOf(await api.GET('/api/v1/tenants/{tenant_code}/figures/{figure_id}/series', { params, signal }))
    },
    enabled: computed(() => toValue(span) !== null),
  })
}

export function useChildren({ figure, span }: Spanned) {
  const { code } = useActing()
  return useQuery({
    queryKey: computed(() => ['figures', code.value, 'children', toValue(figure), toValue(span)]),
    queryFn: async ({ signal }) => {
      const params = { path: { tenant_code: code.value, figure_id: toValue(figure) }, query: toValue(span) ?? { first: '', last: '' } }
      return bodyOf(await api.GET('/api/v1/tenants/{tenant_code}/figures/{figure_id}/children', { params, signal }))
    },
    enabled: computed(() => toValue(span) !== null),
  })
}

const rest = 5_000 // milliseconds in which a page that counts along does not ask twice

/** Reads what stands on the page anew when sums of the acting tenant have changed; a burst of changes is one question. */
export function useFresh(): void {
  const { code, may } = useActing()
  const client = useQueryClient()
  let timer: ReturnType<typeof setTimeout> | undefined
  let first = true
  const ask = (): void => {
    timer = undefined
    void client.invalidateQueries({ queryKey: ['figures', code.value] })
  }
  useLive(() => (may(permission) ? `figures@${code.value}` : null), () => {
    // The first is how things stand, which has just been read.
    if (!first) timer ??= setTimeout(ask, rest)
    first = false
  })
  onScopeDispose(() => clearTimeout(timer))
}
