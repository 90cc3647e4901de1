// Where a plugin's component stands, and the ways from there.
import { useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { currentLocale, isKnown, t } from '@/shared/i18n/i18n'
import { counted, type Groups } from '@/shared/list/groups'
import { useList as useAnyList, type List, type Page } from '@/shared/list/list'
import type { ListQuery, ListState } from '@/shared/list/list-state'
import { usePlace } from '@/shared/place/place'
import { below, pluginBase, usePluginContext } from '@/shared/plugin/context'
import { useApi } from './request'

type Query = Record<string, string | number | boolean | undefined>

/** Its tenant, its address and the reader's permissions. */
export function usePlugin() {
  const { id, version, surface, code, params, may } = usePluginContext()
  const route = useRoute()
  const router = useRouter()
  const queries = useQueryClient()
  const { current } = usePlace()
  const to = (path: string): string => below(pluginBase(surface, code.value, id), path)
  return {
    id,
    version,
    surface,
    code,
    /** The tenant with those above it; null until it has been read. */
    place: current,
    /** The time zone of its root, for times that are of the place and not of whoever reads; undefined until the place has been read. */
    zone: computed(() => current.value?.zone),
    may,
    params,
    query: computed(() => route.query),
    /** The address of one of its pages, for RouterLink and the `to` of the kit's parts. */
    to,
    go: (path: string, { replace = false, query = {} }: { replace?: boolean; query?: Record<string, string> } = {}) =>
      router.push({ path: to(path), query, replace }),
    /** Where to log in and come back to this page. */
    login: computed(() => `/login?next=${encodeURIComponent(route.fullPath)}`),
    /** Reads again what this plugin shows here: after a change. */
    refresh: () => queries.invalidateQueries({ queryKey: ['plugin', id] }),
  }
}

/** The plugin's own texts: what `t` is asked for is looked for below the plugin's name. */
export function useTexts() {
  const { id } = usePluginContext()
  return {
    t: (key: string, values: Record<string, unknown> = {}): string => t(`${id}.${key}`, values),
    /** Whether there is such a text. */
    has: (key: string): boolean => isKnown(`${id}.${key}`),
    locale: computed(currentLocale),
  }
}

interface Asked {
  query?: MaybeRefOrGetter<Query>
  /** While false, nothing is asked. */
  enabled?: MaybeRefOrGetter<boolean>
}

/** What the plugin's API answers at a path, kept and read again like everything else of the house. */
export function useAnswer<Body>(path: MaybeRefOrGetter<string>, { query = {}, enabled = true }: Asked = {}) {
  const { id, code } = usePluginContext()
  const api = useApi()
  const found = useQuery({
    queryKey: computed(() => ['plugin', id, code.value, toValue(path), toValue(query)]),
    queryFn: ({ signal }) => api.read(toValue(path), { query: toValue(query), signal }),
    enabled: computed(() => toValue(enabled)),
  })
  return {
    data: computed(() => found.data.value?.body as Body | undefined),
    /** To be given back with a change. */
    version: computed(() => found.data.value?.version ?? 0),
    isPending: found.isPending,
    problem: computed(() => found.error.value),
    retry: () => found.refetch(),
  }
}

interface ListSource<Filter extends string> {
  path: MaybeRefOrGetter<string>
  state: ListState<Filter>
  /** Asked beside what the state asks. */
  query?: MaybeRefOrGetter<Query>
  /** Offer its rows as a chart, counted by one of its columns; where `serve_list` serves the list. */
  chart?: boolean
}

/** A list of the plugin's API, for WListPage. */
export function useList<Row, Filter extends string = never>({ path, state, query = {}, chart = false }: ListSource<Filter>): List<Row, Filter> {
  const { id, code } = usePluginContext()
  const api = useApi()
  return useAnyList<Row, Filter>({
    key: () => ['plugin', id, code.value, toValue(path), toValue(query)],
    state,
    load: async (asked, signal) => (await api.get(toValue(path), { query: { ...toValue(query), ...asked }, signal })) as Page<Row>,
    groups: chart ? async (asked, signal) => (await api.get(`${toValue(path)}/groups`, { query: counted({ ...toValue(query), ...asked } as ListQuery), signal })) as Groups : undefined,
  })
}
