// One's own logins: where they are, and how to end them.
import { useMutation, useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'
import { useI18n } from '@/shared/i18n/i18n'
import { useToasts } from '@/kit/toast/toasts'
import { api, bodyOf, ours, type Schemas } from '@/shared/api/client'

export type SessionRow = Schemas['SessionOut']

const ways = ['pwd', 'fed', 'otp', 'hwk', 'swk'] as const

/** How somebody was proven there, as people say it; nothing for what is of no way of ours. */
export function provenBy({ amr }: SessionRow, say: (key: string) => string): string {
  return [...new Set(ways.filter((way) => amr.includes(way)).map((way) => say(`console.sessions.by.${way}`)))].join(' + ')
}

export function useOwnSessions() {
  const { t } = useI18n()
  const toasts = useToasts()
  const sessions = useQuery({ queryKey: ['me', 'sessions'], queryFn: async () => bodyOf(await api.GET('/api/v1/me/sessions')).items })
  const failed = (error: Error): void => toasts.show(error.message === '' ? t('kit.error.unreachable') : error.message)
  const one = useMutation({
    mutationFn: (row: SessionRow) => api.DELETE('/api/v1/me/sessions/{account_session_id}', { params: { path: { account_session_id: row.id }, header: ours } }),
    onSuccess: (_answer, row) => {
      toasts.show(t('console.sessions.ended_one', { device: row.device }))
      void sessions.refetch()
    },
    onError: failed,
  })
  const others = useMutation({
    mutationFn: async () => bodyOf(await api.DELETE('/api/v1/me/sessions', { params: { header: ours } })).ended,
    onSuccess: (ended) => {
      toasts.show(t('console.sessions.ended', { count: ended }))
      void sessions.refetch()
    },
    onError: failed,
  })
  return { sessions, rows: computed(() => sessions.data.value ?? []), one, others }
}
