// What the plugins that are active at a tenant bring to a surface, as far as this reader may use it: the server says.
import { useQuery } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import { api, bodyOf, type Schemas } from '@/shared/api/client'
import type { Surface } from '@/shared/plugin/context'
import { useSignedIn } from '@/shared/session/signed-in'

/** One module of a plugin, with what of it this reader may use; a plugin may bring several. */
export type PluginUi = Schemas['UiOut']

async function fetchUi(surface: Surface, code: string, signal: AbortSignal): Promise<PluginUi[]> {
  const params = { path: { tenant_code: code }, query: { surface } }
  return bodyOf(await api.GET('/api/v1/tenants/{tenant_code}/ui', { params, signal })).items
}

export const uiKey = ['plugins', 'ui'] as const

/** Nothing is asked while no tenant is known. */
export function useContributions(surface: Surface, code: MaybeRefOrGetter<string | null>) {
  const isSignedIn = useSignedIn()
  return useQuery({
    // What is offered depends on who reads. Whoever changes the language has everything read again.
    queryKey: computed(() => [...uiKey, surface, toValue(code), isSignedIn.value]),
    queryFn: ({ signal }) => fetchUi(surface, toValue(code) ?? '', signal),
    enabled: computed(() => toValue(code) !== null),
  })
}
