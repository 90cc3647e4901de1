// Takes a list along as it is filtered and sorted now: a short one at once, a long one in a job whose progress the page shows.
import { useMutation } from '@tanstack/vue-query'
import { toValue, type MaybeRefOrGetter } from 'vue'
import { api, bodyOf, ours, type Schemas } from '@/shared/api/client'
import type { Problem } from '@/shared/api/problem'
import { download } from '@/shared/jobs/download'
import { follow } from '@/shared/jobs/followed'
import { isMoving, type Job } from '@/shared/jobs/jobs'
import type { ListQuery } from '@/shared/list/list-state'

export type ExportFormat = 'xlsx' | 'csv'

interface Source {
  /** null: the list stands at no tenant. */
  tenant: MaybeRefOrGetter<string | null>
  /** The list's name, such as identity.grants. */
  list: MaybeRefOrGetter<string>
  query: MaybeRefOrGetter<ListQuery>
  failed: (problem: Problem) => void
}

const kept = 60_000 // milliseconds for which the browser may still be reading what it saves

/** What the rows depend on: not the page. */
export function filtersOf(query: ListQuery): Record<string, string | number> {
  const isFilter = (entry: [string, string | number | undefined]): entry is [string, string | number] =>
    entry[1] !== undefined && entry[0] !== 'cursor' && entry[0] !== 'limit'
  return Object.fromEntries(Object.entries(query).filter(isFilter))
}

/** The name that an answer gives its file (RFC 5987). */
export function nameOf(disposition: string | null): string {
  const [, name] = /filename\*=UTF-8''([^;]+)/.exec(disposition ?? '') ?? []
  return name === undefined ? '' : decodeURIComponent(name)
}

/** A short list is ready at once; a long one is written by a job, which the page shows from now on. */
function take(job: Job): void {
  if (isMoving(job)) follow(job.id)
  else download(`/api/v1/me/jobs/${job.id}/file`)
}

async function exportAt(tenant: string, body: Schemas['ExportIn']): Promise<void> {
  take(bodyOf(await api.POST('/api/v1/tenants/{tenant_code}/exports', { params: { path: { tenant_code: tenant }, header: ours }, body })))
}

async function exportOutside(body: Schemas['OwnExportIn']): Promise<void> {
  keepAnswer(await api.POST('/api/v1/exports', { params: { header: ours }, body, parseAs: 'blob' }))
}

/** An answer that is a file becomes one, by the name that it gives itself. */
export function keepAnswer({ data, response }: { data?: unknown; response: Response }): void {
  const url = URL.createObjectURL(data as Blob)
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
