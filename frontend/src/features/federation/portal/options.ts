// What people of a place may log in with beside their password.
import { useQuery } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import { api, bodyOf } from '@/shared/api/client'

/** Nothing where no place is known. */
export function useLoginOptions(code: Readonly<Ref<string | undefined>>) {
  return useQuery({
    queryKey: computed(() => ['login-options', code.value]),
    queryFn: async ({ signal }) => bodyOf(await api.GET('/api/v1/tenants/{tenant_code}/login-options', { params: { path: { tenant_code: code.value ?? '' } }, signal })).items,
    enabled: computed(() => code.value !== undefined),
  })
}

/** What became of a way through another system, as the address says; null where it says nothing that we know. */
export const words = ['external_unknown', 'external_refused', 'external_failed', 'external_over', 'external_taken', 'external_one', 'external_linked'] as const
export function wordOf(said: unknown): (typeof words)[number] | null {
  return words.find((word) => word === said) ?? null
}
