// Finds tenants below the acting one by name or code, a moment after the last key.
import { keepPreviousData, useQuery } from '@tanstack/vue-query'
import { computed, ref, toValue, watch, type MaybeRefOrGetter, type Ref } from 'vue'
import { api, bodyOf, type Schemas } from '@/shared/api/client'

export type Managed = Schemas['TenancyChildrenItem']

const moment = 250

/** The value, once it has not changed for a moment. */
export function useSettled(value: Ref<string>): Ref<string> {
  const settled = ref(value.value)
  watch(value, (now, _before, onCleanup) => {
    const timer = setTimeout(() => (settled.value = now), moment)
    onCleanup(() => clearTimeout(timer))
  })
  return settled
}

interface Search {
  /** The acting tenant; without one nothing is asked. */
  tenant: MaybeRefOrGetter<string | null>
  text: Ref<string>
  level?: MaybeRefOrGetter<number | undefined>
  /** Asks although nothing was typed. */
  all?: MaybeRefOrGetter<boolean>
  limit?: number
}

export function useTenantSearch({ tenant, text, level, all = false, limit = 20 }: Search) {
  const settled = useSettled(text)
  const q = computed(() => settled.value.trim())
  return useQuery({
    queryKey: computed(() => ['tenancy', 'found', toValue(tenant), q.value, toValue(level), limit]),
    queryFn: async ({ signal }) => {
      const deeper = toValue(level)
      const query = { limit, ...(q.value !== '' && { q: q.value }), ...(deeper !== undefined && { level: deeper }) }
      const path = { tenant_code: toValue(tenant) ?? '' }
      return bodyOf(await api.GET('/api/v1/tenants/{tenant_code}/tenants', { params: { path, query }, signal }))
    },
    enabled: computed(() => toValue(tenant) !== null && (q.value !== '' || toValue(all))),
    placeholderData: keepPreviousData,
  })
}
