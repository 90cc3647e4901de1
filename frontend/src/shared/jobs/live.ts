// Jobs as the server tells of them: how far each has come, in place of asking again and again.
import { useQueryClient, type QueryClient } from '@tanstack/vue-query'
import { watch, type Ref } from 'vue'
import type { Page } from '@/shared/list/list'
import { useLive } from '@/shared/live/live'
import { isMoving, jobKey, listKey, type Job } from './jobs'

/** By id, those of one's own that are under way or have just ended. What was stopped is told as failed. */
export type Told = Record<string, Pick<Job, 'state' | 'progress'>>

const isSame = (one: Pick<Job, 'state'>, other: Pick<Job, 'state'>): boolean => one.state === other.state || (!isMoving(one) && !isMoving(other))

/** What is told of a job is put where it is shown; whoever began, ended or turned is asked for whole. */
export function take(queries: QueryClient, before: Told, now: Told): void {
  const turned = Object.entries(now).filter(([id, told]) => before[id]?.state !== told.state)
  const moved = (job: Job): Job => {
    const told = now[job.id]
    return told && isSame(told, job) && isMoving(job) ? { ...job, progress: told.progress } : job
  }
  for (const id of Object.keys(now)) queries.setQueryData<Job>(jobKey(id), (job) => job && moved(job))
  queries.setQueriesData<Page<Job>>({ queryKey: listKey, predicate: ({ queryKey }) => !queryKey.includes('count') }, (page) => page && { ...page, items: page.items.map(moved) })
  for (const [id] of turned) void queries.invalidateQueries({ queryKey: jobKey(id) })
  if (turned.length > 0) void queries.invalidateQueries({ queryKey: listKey })
}

/** Keeps the jobs on a page in step while `wanted`; what it returns says whether it does, or they must be asked for. */
export function useLiveJobs(wanted: () => boolean): Readonly<Ref<boolean>> {
  const queries = useQueryClient()
  let before: Told = {}
  const refresh = (): unknown => queries.invalidateQueries({ queryKey: ['jobs'] })
  const isLive = useLive(
    () => (wanted() ? 'jobs' : null),
    (body) => {
      if (body === undefined) return refresh()
      take(queries, before, body as Told)
      before = body as Told
    },
  )
  // asked at once, and from then on as long as nothing is told
  watch(isLive, (is) => !is && wanted() && refresh())
  return isLive
}
