// What stands on top of a place's pages, for everybody who comes by.
import { useQuery } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import { api, bodyOf } from '@/shared/api/client'

/** `every`: asked again after so many ms, also behind another window. */
export function useNotice(code: Ref<string>, { every }: { every?: number } = {}) {
  return useQuery({
    ...(every !== undefined && { refetchInterval: every, refetchIntervalInBackground: true }),
    queryKey: computed(() => ['tenancy', 'portal', code.value]),
    queryFn: async ({ signal }) => {
      const path = { tenant_code: code.value }
      return bodyOf(await api.GET('/api/v1/tenants/{tenant_code}/portal', { params: { path }, signal })).notice
    },
  })
}
