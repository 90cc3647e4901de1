// Calls about tenants as those see them who answer for them: below a tenant, or the deployment's roots.
import { api, bodyOf, ifMatch, ours, type Schemas } from '@/shared/api/client'

export type Managed = Schemas['ManagedTenantOut']
export type Row = Schemas['TenancyChildrenItem']
export type State = Managed['state']
/** Who asks: officials of a tenant by its code, the operator by none. */
export type Above = string | null

const below = (above: string, id: number) => ({ tenant_code: above, tenant_id: id })

export async function readTenant(above: Above, id: number): Promise<Managed> {
  if (above === null) return bodyOf(await api.GET('/api/v1/operator/tenants/{tenant_id}', { params: { path: { tenant_id: id } } }))
  return bodyOf(await api.GET('/api/v1/tenants/{tenant_code}/tenants/{tenant_id}', { params: { path: below(above, id) } }))
}

export async function addTenant(above: Above, body: Schemas['NewTenantIn']): Promise<Managed> {
  if (above === null) return bodyOf(await api.POST('/api/v1/operator/tenants', { params: { header: ours }, body }))
  return bodyOf(await api.POST('/api/v1/tenants/{tenant_code}/tenants', { params: { path: { tenant_code: above }, header: ours }, body }))
}

export async function rename(above: Above, { id, version }: Managed, body: Schemas['NameIn']): Promise<Managed> {
  const header = ifMatch(version)
  if (above === null) return bodyOf(await api.PUT('/api/v1/operator/tenants/{tenant_id}/name', { params: { path: { tenant_id: id }, header }, body }))
  return bodyOf(await api.PUT('/api/v1/tenants/{tenant_code}/tenants/{tenant_id}/name', { params: { path: below(above, id), header }, body }))
}

export async function recode(above: Above, { id, version }: Managed, body: Schemas['CodeIn']): Promise<Managed> {
  const header = ifMatch(version)
  if (above === null) return bodyOf(await api.PUT('/api/v1/operator/tenants/{tenant_id}/code', { params: { path: { tenant_id: id }, header }, body }))
  return bodyOf(await api.PUT('/api/v1/tenants/{tenant_code}/tenants/{tenant_id}/code', { params: { path: below(above, id), header }, body }))
}

export async function changeState(above: Above, { id, version }: Managed, body: Schemas['TenantStateIn']): Promise<Managed> {
  const header = ifMatch(version)
  if (above === null) return bodyOf(await api.PUT('/api/v1/operator/tenants/{tenant_id}/state', { params: { path: { tenant_id: id }, header }, body }))
  return bodyOf(await api.PUT('/api/v1/tenants/{tenant_code}/tenants/{tenant_id}/state', { params: { path: below(above, id), header }, body }))
}

/** The rows right below a tenant of the acting one's range, by code; the next page begins at the cursor. */
export async function listBelow(above: string, parent: string, cursor?: string) {
  const query = { parent, limit: 100, ...(cursor !== undefined && { cursor }) }
  return bodyOf(await api.GET('/api/v1/tenants/{tenant_code}/tenants', { params: { path: { tenant_code: above }, query } }))
}

const most = 20

/** All right below, by code, pages one after another: a town has a few dozen villages, a county never two thousand towns. */
export async function listAllBelow(above: string, parent: string): Promise<Row[]> {
  const rows: Row[] = []
  let cursor: string | undefined
  for (let page = 0; page < most; page += 1) {
    const { items, next } = await listBelow(above, parent, cursor)
    rows.push(...items)
    if (next === null) break
    cursor = next
  }
  return rows
}

/** One row below by its code; null where there is none. */
export async function findByCode(above: string, code: string): Promise<Row | null> {
  const query = { q: code, limit: 100 }
  const { items } = bodyOf(await api.GET('/api/v1/tenants/{tenant_code}/tenants', { params: { path: { tenant_code: above }, query } }))
  return items.find((item) => item.code === code) ?? null
}

export const keys = {
  byCode: (above: Above, code: string) => ['tenancy', 'by-code', above, code] as const,
  managed: (above: Above, id: number) => ['tenancy', 'managed', above, id] as const,
}

/** What may become of a tenant in a state. */
export const nextStates: Record<State, readonly State[]> = {
  active: ['suspended'],
  suspended: ['active', 'archived'],
  archived: ['active'],
}
