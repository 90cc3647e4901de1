// The public directory, as a visitor looks through it.
import { keepPreviousData, useQuery } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import { api, bodyOf } from '@/shared/api/client'
import { useSettled } from '@/shared/place/find'
import type { Level, Place } from '@/shared/place/place'

interface Listed {
  code: string
  name: string
  level: number
}

export const asPlace = ({ code, name, level }: Listed): Place => ({ code, name, level: level as Level })

/** Roots, or what fits the words typed; with a parent, what lies right below it. */
export function usePlaces(text: Ref<string>, parent?: Ref<string>) {
  const settled = useSettled(text)
  const q = computed(() => settled.value.trim())
  return useQuery({
    queryKey: computed(() => ['tenancy', 'directory', parent?.value ?? '', q.value]),
    queryFn: async ({ signal }) => {
      const query = { limit: 100, ...(parent && { parent: parent.value }), ...(q.value !== '' && { q: q.value }) }
      return bodyOf(await api.GET('/api/v1/tenants', { params: { query }, signal }))
    },
    placeholderData: keepPreviousData,
  })
}

export function useTenant(code: Ref<string>) {
  return useQuery({
    queryKey: computed(() => ['tenancy', 'directory', 'one', code.value]),
    queryFn: async ({ signal }) =>
      bodyOf(await api.GET('/api/v1/tenants/{tenant_code}', { params: { path: { tenant_code: code.value } }, signal })),
  })
}
