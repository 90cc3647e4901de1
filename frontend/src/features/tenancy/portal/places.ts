// The public directory, as a visitor looks through it.
import { useQuery } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import { api, bodyOf } from '@/shared/api/client'
import type { Level, Place } from '@/shared/place/place'

interface Listed {
  code: string
  name: string
  level: number
}

export const asPlace = ({ code, name, level }: Listed): Place => ({ code, name, level: level as Level })

/** What lies right below a place, by code; without one, the roots. */
export function usePlaces(parent?: Ref<string>) {
  return useQuery({
    queryKey: computed(() => ['tenancy', 'directory', 'below', parent?.value ?? '']),
    queryFn: async ({ signal }) => {
      const query = { limit: 100, ...(parent && { parent: parent.value }) }
      return bodyOf(await api.GET('/api/v1/tenants', { params: { query }, signal }))
    },
  })
}

/** Nothing is asked while there is no code. `every`: asked again after so many ms, also behind another window. */
export function useTenant(code: Ref<string>, { every }: { every?: number } = {}) {
  return useQuery({
    enabled: computed(() => code.value !== ''),
    ...(every !== undefined && { refetchInterval: every, refetchIntervalInBackground: true }),
    queryKey: computed(() => ['tenancy', 'directory', 'one', code.value]),
    queryFn: async ({ signal }) =>
      bodyOf(await api.GET('/api/v1/tenants/{tenant_code}', { params: { path: { tenant_code: code.value } }, signal })),
  })
}
