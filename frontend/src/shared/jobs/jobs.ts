// Jobs as their own person sees them: how far each has come, and what can be done about it.
import { useMutation, useQueryClient } from '@tanstack/vue-query'
import { askAgain } from '@/shared/api/again'
import { api, bodyOf, ours, type Schemas } from '@/shared/api/client'
import type { Problem } from '@/shared/api/problem'

export type Job = Schemas['JobOut']
export type JobAct = 'cancel' | 'retry'

const soon = 1500
const later = 5000
/** Milliseconds after which nobody watches a job closely any more. */
const patience = 60_000

export const isMoving = ({ state }: Pick<Job, 'state'>): boolean => state === 'waiting' || state === 'running'

/** A file that can still be had. */
export function fileOf({ id, state, file_name: name, file_expires_at: end }: Job, now = new Date()): string | null {
  const isThere = state === 'done' && name !== null && (end === null || new Date(end) > now)
  return isThere ? `/api/v1/me/jobs/${id}/file` : null
}

/** When to ask again: soon while something moves, less often where it takes long, and not at all once it is over. */
export function pause(job: Job | undefined, now = new Date()): number | false {
  if (job === undefined || !isMoving(job)) return false
  return now.getTime() - new Date(job.created_at).getTime() > patience ? later : soon
}

/** The same for a list: as soon as the first of its jobs asks for. */
export function pauseOfAll(jobs: readonly Job[], now = new Date()): number | false {
  const pauses = jobs.map((job) => pause(job, now)).filter((found) => found !== false)
  return pauses.length > 0 && Math.min(...pauses)
}

export const jobKey = (id: string) => ['jobs', 'one', id] as const
export const listKey = ['jobs', 'list'] as const

export function readJob(id: string): Promise<Job> {
  return askAgain(`job ${id}`, (headers) => api.GET('/api/v1/me/jobs/{job_id}', { params: { path: { job_id: id } }, headers }))
}

/** Stopping a job, and trying one again; `failed` is told why not. */
export function useJobActs(failed: (problem: Problem) => void) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async ({ job, act }: { job: Pick<Job, 'id'>; act: JobAct }) => {
      const params = { path: { job_id: job.id }, header: ours }
      return bodyOf(act === 'cancel' ? await api.POST('/api/v1/me/jobs/{job_id}/cancel', { params }) : await api.POST('/api/v1/me/jobs/{job_id}/retry', { params }))
    },
    onSuccess: (job) => {
      queries.setQueryData(jobKey(job.id), job)
      void queries.invalidateQueries({ queryKey: listKey })
    },
    onError: failed,
  })
}
