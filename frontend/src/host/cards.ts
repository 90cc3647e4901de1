// Cards of plugins, as the server fills them for this reader; grouped by where they stand.
import { useQuery } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import { icons, type IconName } from '@/kit/icon/icons'
import { api, bodyOf, type Schemas } from '@/shared/api/client'
import { currentLocale } from '@/shared/i18n/i18n'
import type { Surface } from '@/shared/plugin/context'

export type PluginCard = Schemas['CardOut']
export type CardPlace = PluginCard['place']

export function iconOf(name: string | null): IconName | undefined {
  return icons.find((known) => known === name)
}

/** `every`: asked again after so many ms, also behind another window. */
export function useCards(surface: Surface, code: MaybeRefOrGetter<string>, { every }: { every?: number } = {}) {
  const query = useQuery({
    ...(every !== undefined && { refetchInterval: every, refetchIntervalInBackground: true }),
    // Cards are written in the reader's language.
    queryKey: computed(() => ['plugins', 'cards', surface, toValue(code), currentLocale()]),
    queryFn: async ({ signal }) => {
      const params = { path: { tenant_code: toValue(code) }, query: { surface } }
      return bodyOf(await api.GET('/api/v1/tenants/{tenant_code}/cards', { params, signal }))
    },
  })
  const at = (place: CardPlace): PluginCard[] =>
    (query.data.value?.items ?? []).filter((card) => card.place === place).sort((one, other) => one.order - other.order)
  return { query, at, failed: computed(() => query.data.value?.failed ?? []) }
}
