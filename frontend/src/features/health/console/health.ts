// What the operator reads of the deployment's work behind its pages, and does about it.
import { useMutation, useQueryClient } from '@tanstack/vue-query'
import { useI18n } from '@/shared/i18n/i18n'
import { useToasts } from '@/kit/toast/toasts'
import type { IconName } from '@/kit/icon/icons'
import { askAgain } from '@/shared/api/again'
import { api, bodyOf, ours, type Schemas } from '@/shared/api/client'
import type { Problem } from '@/shared/api/problem'
import { textOr } from '@/shared/i18n/i18n'
import type { Page } from '@/shared/list/list'
import type { ListQuery } from '@/shared/list/list-state'
import { asked } from '@/shared/list/server'

export type Consumer = Schemas['ConsumerOut']
export type SetAside = Schemas['JournalPoisonItem']
export type Failed = Schemas['WorkDeadLettersItem']
export type Schedule = Schemas['ScheduleOut']

/** Milliseconds between two readings, while the page is looked at. */
export const pulse = 10_000

interface Look {
  word: 'fault' | 'paused' | 'behind' | 'fine'
  tone: 'bad' | 'warn' | 'ok'
  icon: IconName
}
/** Seconds; what is promised is two. */
const late = 60

export function lookOf({ paused, fault, lag_seconds: lag }: Pick<Consumer, 'paused' | 'fault' | 'lag_seconds'>): Look {
  if (paused) return { word: 'paused', tone: 'warn', icon: 'pause' }
  if (fault !== null) return { word: 'fault', tone: 'bad', icon: 'circle-alert' }
  return (lag ?? 0) > late ? { word: 'behind', tone: 'warn', icon: 'clock' } : { word: 'fine', tone: 'ok', icon: 'check' }
}

export async function loadConsumers(): Promise<Consumer[]> {
  return (await askAgain('consumers', (headers) => api.GET('/api/v1/operator/consumers', { headers }))).items
}
export const loadSetAside = async (query: ListQuery, signal: AbortSignal): Promise<Page<SetAside>> => bodyOf(await api.GET('/api/v1/operator/poison', { params: { query: asked(query) }, signal }))
export const loadFailed = async (query: ListQuery, signal: AbortSignal): Promise<Page<Failed>> => bodyOf(await api.GET('/api/v1/operator/dead-letters', { params: { query: asked(query) }, signal }))
export const loadSchedules = async (): Promise<Schedule[]> => bodyOf(await api.GET('/api/v1/operator/schedules')).items

/** What a job does, as its feature or plugin calls it. */
export function taskText(kind: string): string {
  const [feature = '', ...rest] = kind.split('.')
  return textOr(`work.task.${kind}`, textOr(`${feature}.task.${rest.join('.')}`, kind))
}

/** What every act of this page does after it: says so, and reads the page again. */
export function useHealthAct<Wanted>(act: (wanted: Wanted) => Promise<unknown>, done: (wanted: Wanted) => string) {
  const { t } = useI18n()
  const toasts = useToasts()
  const queries = useQueryClient()
  return useMutation<unknown, Problem, Wanted>({
    mutationFn: act,
    onSuccess: (_answer, wanted) => {
      toasts.show(done(wanted))
      void queries.invalidateQueries({ queryKey: ['health'] })
    },
    onError: (problem) => toasts.show(problem.isUnreachable ? t('kit.error.unreachable') : problem.message),
  })
}

export function useConsumerActs() {
  const { t } = useI18n()
  return useHealthAct(
    ({ consumer, act }: { consumer: Consumer; act: 'pause' | 'resume' }) => {
      const params = { path: { consumer_id: consumer.name }, header: ours }
      return act === 'pause' ? api.POST('/api/v1/operator/consumers/{consumer_id}/pause', { params }) : api.POST('/api/v1/operator/consumers/{consumer_id}/resume', { params })
    },
    ({ consumer, act }) => t(`console.health.consumer.done.${act}`, { name: consumer.title }),
  )
}

export function useScheduleActs() {
  const { t } = useI18n()
  return useHealthAct(
    ({ schedule, act }: { schedule: Schedule; act: 'pause' | 'resume' }) => {
      const params = { path: { schedule_id: schedule.id }, header: ours }
      return act === 'pause' ? api.POST('/api/v1/operator/schedules/{schedule_id}/pause', { params }) : api.POST('/api/v1/operator/schedules/{schedule_id}/resume', { params })
    },
    ({ schedule, act }) => t(`console.health.schedule.done.${act}`, { name: schedule.title }),
  )
}
