// Takes a list along as it is filtered and sorted now: the server writes a file in a job, then the browser fetches it.
import { useMutation } from '@tanstack/vue-query'
import { toValue, type MaybeRefOrGetter } from 'vue'
import { api, bodyOf, ours, type Schemas } from '@/shared/api/client'
import { Problem } from '@/shared/api/problem'
import type { ListQuery } from '@/shared/list/list-state'

type Job = Schemas['JobOut']
export type ExportFormat = 'xlsx' | 'csv'

interface Source {
  tenant: MaybeRefOrGetter<string>
  /** The list's name, such as identity.grants. */
  list: string
  query: MaybeRefOrGetter<ListQuery>
  failed: (problem: Problem) => void
}

const pause = 1000
const isOver = ({ state }: Job): boolean => state !== 'waiting' && state !== 'running'

/** What the rows depend on: not the page. */
export function filtersOf(query: ListQuery): Record<string, string | number> {
  const isFilter = (entry: [string, string | number | undefined]): entry is [string, string | number] =>
    entry[1] !== undefined && entry[0] !== 'cursor' && entry[0] !== 'limit'
  return Object.fromEntries(Object.entries(query).filter(isFilter))
}

async function finished(tenant: string, job: Job): Promise<Job> {
  let now = job
  while (!isOver(now)) {
    await new Promise((done) => setTimeout(done, pause))
    now = bodyOf(await api.GET('/api/v1/tenants/{tenant_code}/jobs/{job_id}', { params: { path: { tenant_code: tenant, job_id: now.id } } }))
  }
  return now
}

function download(url: string): void {
  const link = document.createElement('a')
  link.href = url
  link.download = ''
  link.click()
}

export function useExport({ tenant, list, query, failed }: Source) {
  const mutation = useMutation({
    mutationFn: async (format: ExportFormat) => {
      const code = toValue(tenant)
      const body = { list, format, filters: filtersOf(toValue(query)) }
      const made = bodyOf(await api.POST('/api/v1/tenants/{tenant_code}/exports', { params: { path: { tenant_code: code }, header: ours }, body }))
      const job = await finished(code, made)
      if (job.fault !== null) throw new Problem({ type: 'about:blank', title: job.fault, status: 500 })
      download(`/api/v1/tenants/${code}/jobs/${job.id}/file`)
    },
    onError: failed,
  })
  return { busy: mutation.isPending, run: (format: ExportFormat) => mutation.mutate(format) }
}
