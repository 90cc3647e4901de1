// What a person is told: how much of it is unread, and marking it as read.
import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed } from 'vue'
import { useI18n } from '@/shared/i18n/i18n'
import { useToasts } from '@/kit/toast/toasts'
import { askAgain } from '@/shared/api/again'
import { api, ours, type Schemas } from '@/shared/api/client'
import { Problem } from '@/shared/api/problem'
import { useLive } from '@/shared/live/live'

export type Notification = Schemas['NotificationOut']
export type Surface = 'console' | 'portal'

/** While the page is looked at; who comes back to it asks at once. */
const pause = 30_000

const none = { value: 0, capped: false }

/** A session that has ended leaves a public page as it is: nothing is unread, and nobody is sent to the login. */
async function readCount(): Promise<typeof none> {
  try {
    return await askAgain('inbox count', (headers) => api.GET('/api/v1/me/notifications/count', { headers }))
  } catch (error) {
    if (error instanceof Problem && error.isSignedOut) return none
    throw error
  }
}

/** How many are unread, told as it changes; where that fails it is asked for, and where the answer fails, the last known number stands. */
export function useUnread() {
  const queries = useQueryClient()
  const isLive = useLive('inbox', () => queries.invalidateQueries({ queryKey: ['inbox'] }))
  const count = useQuery({
    queryKey: ['inbox', 'count'],
    queryFn: readCount,
    refetchInterval: () => !isLive.value && pause,
    staleTime: pause / 3,
  })
  return computed(() => count.data.value ?? none)
}

/** Whether a path of ours is a page of this app; any other page is loaded anew. */
export function isOf(surface: Surface, path: string): boolean {
  return (path === '/console' || path.startsWith('/console/')) === (surface === 'console')
}

export function useReading() {
  const { t } = useI18n()
  const toasts = useToasts()
  const queries = useQueryClient()
  const refresh = (): Promise<void> => queries.invalidateQueries({ queryKey: ['inbox'] })
  const onError = (problem: Problem): void => toasts.show(problem.isUnreachable ? t('kit.error.unreachable') : problem.message)
  const path = (id: string) => ({ path: { notification_id: id }, header: ours })
  const unread = useMutation({
    mutationFn: (id: string) => api.DELETE('/api/v1/me/notifications/{notification_id}/read', { params: path(id) }),
    onSuccess: refresh,
    onError,
  })
  /** Goes on while the page is left for what it leads to. */
  const read = useMutation({
    mutationFn: ({ id }: { id: string; quiet?: boolean }) => api.POST('/api/v1/me/notifications/{notification_id}/read', { params: path(id), keepalive: true }),
    onSuccess: (_answer, { id, quiet }) => {
      if (quiet !== true) toasts.show(t('inbox.page.read_one'), () => unread.mutate(id))
      void refresh()
    },
    onError,
  })
  const readAll = useMutation({
    mutationFn: (until: string) => api.POST('/api/v1/me/notifications/read', { params: { header: ours }, body: { until } }),
    onSuccess: () => {
      toasts.show(t('inbox.page.read_done'))
      void refresh()
    },
    onError,
  })
  return { read, readAll }
}
