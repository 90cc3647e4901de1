// Where a person is reached beside the inbox.
import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { useI18n } from '@/shared/i18n/i18n'
import { useToasts } from '@/kit/toast/toasts'
import { api, bodyOf, ours } from '@/shared/api/client'
import type { Address } from './ways'

export function useAddresses() {
  return useQuery({ queryKey: ['inbox', 'addresses'], queryFn: async () => bodyOf(await api.GET('/api/v1/me/addresses')).items })
}

/** A channel is ready, or no longer, as soon as its addresses change. */
export function useRefreshInbox(): () => void {
  const queries = useQueryClient()
  return () => void queries.invalidateQueries({ queryKey: ['inbox'] })
}

export function useAddressActs() {
  const { t } = useI18n()
  const toasts = useToasts()
  const refresh = useRefreshInbox()
  return useMutation({
    mutationFn: async ({ address, act }: { address: Address; act: 'code' | 'remove' }) => {
      const params = { path: { address_id: address.id }, header: ours }
      await (act === 'code' ? api.POST('/api/v1/me/addresses/{address_id}/code', { params }) : api.DELETE('/api/v1/me/addresses/{address_id}', { params }))
    },
    onSuccess: (_answer, { address, act }) => {
      toasts.show(t(`inbox.ways.addresses.done.${act}`, { address: address.address }))
      refresh()
    },
    onError: (problem) => toasts.show(problem.isUnreachable ? t('kit.error.unreachable') : problem.message),
  })
}
