// How a person wants to be told: of what, by which channel, when, and where they are reached.
import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { useI18n } from '@/shared/i18n/i18n'
import { useToasts } from '@/kit/toast/toasts'
import { api, bodyOf, ifMatch, versionOf, type Schemas } from '@/shared/api/client'

export type Choices = Schemas['ChoicesOut']
export type Wish = Schemas['ChoicesIn']
export type Timing = Choices['channels'][number]['timings'][number]
export type Address = Schemas['AddressOut']

interface Kept {
  choices: Choices
  version: number
}

const key = ['inbox', 'ways'] as const
export const addressKey = ['inbox', 'addresses'] as const

/** What was chosen, as it is sent: whole, so that nothing else changes with one thing. */
export function wishOf({ topics, quiet, digest_at: digest, zone }: Choices): Wish {
  return { chosen: Object.fromEntries(topics.map(({ topic, chosen }) => [topic, chosen])), quiet, digest_at: digest, zone }
}

/** The same with one topic told otherwise by one channel. */
export function withTiming(choices: Choices, topic: string, channel: string, timing: Timing): Choices {
  const change = (one: Choices['topics'][number]): Choices['topics'][number] =>
    one.topic === topic ? { ...one, timings: { ...one.timings, [channel]: timing }, chosen: { ...one.chosen, [channel]: timing } } : one
  return { ...choices, topics: choices.topics.map(change) }
}

export function useChoices() {
  return useQuery({
    queryKey: key,
    queryFn: async (): Promise<Kept> => {
      const answer = await api.GET('/api/v1/me/notification-settings')
      return { choices: bodyOf(answer), version: versionOf(answer) }
    },
  })
}

export async function saveChoices({ choices, version }: Kept): Promise<Kept> {
  const answer = await api.PUT('/api/v1/me/notification-settings', { params: { header: ifMatch(version) }, body: wishOf(choices) })
  return { choices: bodyOf(answer), version: versionOf(answer) }
}

/** Seen at once, and taken back where the server refuses it. */
export function useTimings() {
  const { t } = useI18n()
  const toasts = useToasts()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: saveChoices,
    onMutate: (wanted) => queries.setQueryData(key, wanted),
    onSuccess: (kept) => {
      queries.setQueryData(key, kept)
      toasts.show(t('inbox.ways.saved'))
    },
    onError: (problem) => {
      void queries.invalidateQueries({ queryKey: key })
      toasts.show(problem.isUnreachable ? t('kit.error.unreachable') : problem.message)
    },
  })
}

/** After something was saved elsewhere on the page. */
export function useKeepChoices() {
  const queries = useQueryClient()
  return (kept: Kept): void => void queries.setQueryData(key, kept)
}
