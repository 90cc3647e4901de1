// The jobs that this browser follows, as they stand now.
import { useQueries } from '@tanstack/vue-query'
import { computed, ref, watchEffect } from 'vue'
import { Problem } from '@/shared/api/problem'
import { putAway, useFollowed } from './followed'
import { isMoving, jobKey, pause, readJob, type Job } from './jobs'
import { useLiveJobs } from './live'

/** Newest first. What becomes of them is told; where it is not, it is asked for while they move and the page is looked at. */
export function useFollowedJobs() {
  const { ids, isShown } = useFollowed()
  const isMoved = ref(false)
  const isLive = useLiveJobs(() => isMoved.value)
  const answers = useQueries({
    queries: computed(() =>
      ids.value.map((id) => ({
        queryKey: jobKey(id),
        queryFn: () =>
          readJob(id).catch((problem: unknown) => {
            if (problem instanceof Problem && problem.isNotFound) putAway(id)
            throw problem
          }),
        refetchInterval: ({ state }: { state: { data: Job | undefined } }) => !isLive.value && pause(state.data),
      })),
    ),
  })
  const jobs = computed(() => answers.value.flatMap(({ data }) => data ?? []))
  watchEffect(() => (isMoved.value = jobs.value.some(isMoving)))
  return { isShown, jobs }
}
