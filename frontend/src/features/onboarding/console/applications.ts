// Calls about applications: of a tenant by its code, or for roots where there is none.
import { api, bodyOf, ifMatch, versionOf, type Schemas } from '@/shared/api/client'
import type { Page } from '@/shared/list/list'
import type { ListQuery } from '@/shared/list/list-state'
import { counted, type Groups } from '@/shared/list/groups'
import { asked } from '@/shared/list/server'

export type Row = Schemas['OnboardingRootApplicationsItem'] & { tenant_name?: string }
export type Read = Schemas['ReviewedApplicationOut'] & { version: number }
type Review = Schemas['ReviewIn']

const states = ['open', 'accepted', 'rejected', 'withdrawn', 'all'] as const
type Shown = (typeof states)[number]

/** The inbox shows what is open; the address names any other state. */
export function shownState(inAddress: string | undefined): Shown {
  return states.find((state) => state === inAddress) ?? 'open'
}

export function queryOf(query: ListQuery): ListQuery {
  const { state, ...rest } = query
  const shown = shownState(typeof state === 'string' ? state : undefined)
  return shown === 'all' ? rest : { ...rest, state: shown }
}

export async function listApplications(tenant: string | null, query: ListQuery, signal: AbortSignal): Promise<Page<Row>> {
  if (tenant === null) return bodyOf(await api.GET('/api/v1/operator/applications', { params: { query: asked(query) }, signal }))
  const params = { path: { tenant_code: tenant }, query: asked(query) }
  return bodyOf(await api.GET('/api/v1/tenants/{tenant_code}/applications', { params, signal }))
}

/** The same, counted by a column. */
export async function countApplications(tenant: string | null, query: ListQuery, signal: AbortSignal): Promise<Groups> {
  if (tenant === null) return bodyOf(await api.GET('/api/v1/operator/applications/groups', { params: { query: counted(query) }, signal }))
  const params = { path: { tenant_code: tenant }, query: counted(query) }
  return bodyOf(await api.GET('/api/v1/tenants/{tenant_code}/applications/groups', { params, signal }))
}

export async function readApplication(tenant: string | null, id: string): Promise<Read> {
  const own = { application_id: id }
  const answer =
    tenant === null
      ? await api.GET('/api/v1/operator/applications/{application_id}', { params: { path: own } })
      : await api.GET('/api/v1/tenants/{tenant_code}/applications/{application_id}', { params: { path: { tenant_code: tenant, ...own } } })
  return { ...bodyOf(answer), version: versionOf(answer) }
}

/** Decides what was read: whoever changed it meanwhile is not overruled unseen. */
export async function review(tenant: string | null, { id, version }: Read, body: Review) {
  const own = { application_id: id }
  const header = ifMatch(version)
  if (tenant === null) return bodyOf(await api.POST('/api/v1/operator/applications/{application_id}/review', { params: { path: own, header }, body }))
  return bodyOf(await api.POST('/api/v1/tenants/{tenant_code}/applications/{application_id}/review', { params: { path: { tenant_code: tenant, ...own }, header }, body }))
}
