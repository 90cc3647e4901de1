// Takes a list along as it is filtered and sorted now: at a tenant the server writes a file in a job, then the browser fetches
// it; where there is no tenant, and so no job, the file is the answer.
import { useMutation } from '@tanstack/vue-query'
import { toValue, type MaybeRefOrGetter } from 'vue'
import { api, bodyOf, ours, type Schemas } from '@/shared/api/client'
import { Problem } from '@/shared/api/problem'
import type { ListQuery } from '@/shared/list/list-state'

type Job = Schemas['JobOut']
export type ExportFormat = 'xlsx' | 'csv'

interface Source {
  /** null: the list stands at no tenant. */
  tenant: MaybeRefOrGetter<string | null>
  /** The list's name, such as identity.grants. */
  list: MaybeRefOrGetter<string>
  query: MaybeRefOrGetter<ListQuery>
  failed: (problem: Problem) => void
}

const pause = 1000
const kept = 60_000 // milliseconds for which the browser may still be reading what it saves
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

/** The name that an answer gives its file (RFC 5987). */
export function nameOf(disposition: string | null): string {
  const [, name] = /filename\*=UTF-8''([^;]+)/.exec(disposition ?? '') ?? []
  return name === undefined ? '' : decodeURIComponent(name)
}

function download(url: string, name = ''): void {
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
}

async function exportAt(tenant: string, body: Schemas['ExportIn']): Promise<void> {
  const made = bodyOf(await api.POST('/api/v1/tenants/{tenant_code}/exports', { params: { path: { tenant_code: tenant }, header: ours }, body }))
  const job = await finished(tenant, made)
  if (job.fault !== null) throw new Problem({ type: 'about:blank', title: job.fault, status: 500 })
  download(`/api/v1/tenants/${tenant}/jobs/${job.id}/file`)
}

async function exportOutside(body: Schemas['OwnExportIn']): Promise<void> {
  const { data, response } = await api.POST('/api/v1/exports', { params: { header: ours }, body, parseAs: 'blob' })
  const url = URL.createObjectURL(data as unknown as Blob)
  download(url, nameOf(response.headers.get('Content-Disposition')))
  setTimeout(() => URL.revokeObjectURL(url), kept)
}

export function useExport({ tenant, list, query, failed }: Source) {
  const mutation = useMutation({
    mutationFn: async (format: ExportFormat) => {
      const code = toValue(tenant)
      const body = { list: toValue(list), format, filters: filtersOf(toValue(query)) }
      await (code === null ? exportOutside(body) : exportAt(code, body))
    },
    onError: failed,
  })
  return { busy: mutation.isPending, run: (format: ExportFormat) => mutation.mutate(format) }
}
