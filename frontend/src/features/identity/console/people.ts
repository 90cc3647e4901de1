// Calls about people and their grants: of a tenant by its code, or of the deployment where there is none.
import { api, bodyOf, ifMatch, ours, versionOf, type Schemas } from '@/shared/api/client'

export type Grant = Schemas['IdentityGrantsItem'] | Schemas['IdentityOperatorsItem']
/** Somebody to bring in; without a name, by the login they have. */
export interface Newcomer {
  login: string
  expires_at: string | null
  name?: string
}
type OperatorAccount = Schemas['OperatorNewcomerIn']
type OperatorGrant = Schemas['OperatorGrantIn']

const at = (tenant: string) => ({ path: { tenant_code: tenant }, header: ours })
const person = (tenant: string, account: string) => ({ tenant_code: tenant, account_id: account })

export async function addAccount(tenant: string, body: Schemas['NewcomerIn']) {
  return bodyOf(await api.POST('/api/v1/tenants/{tenant_code}/accounts', { params: at(tenant), body }))
}

export async function giveRole(tenant: string, body: Schemas['GrantIn']) {
  return bodyOf(await api.POST('/api/v1/tenants/{tenant_code}/grants', { params: at(tenant), body }))
}

export async function addOperatorAccount(body: OperatorAccount) {
  return bodyOf(await api.POST('/api/v1/operator/accounts', { params: { header: ours }, body }))
}

export async function giveOperatorRole(body: OperatorGrant) {
  return bodyOf(await api.POST('/api/v1/operator/grants', { params: { header: ours }, body }))
}

export async function askRecovery(tenant: string, account: string, reason: string) {
  const params = { path: person(tenant, account), header: ours }
  return bodyOf(await api.POST('/api/v1/tenants/{tenant_code}/accounts/{account_id}/recovery', { params, body: { reason } }))
}

const recovery = (tenant: string, id: string) => ({ path: { tenant_code: tenant, account_recovery_id: id }, header: ours })

/** The link that sets a new password, shown this once. */
export async function agreeRecovery(tenant: string, id: string): Promise<Schemas['LinkOut'] | null> {
  return bodyOf(await api.POST('/api/v1/tenants/{tenant_code}/account-recoveries/{account_recovery_id}/agree', { params: recovery(tenant, id) }))
}

export async function endRecovery(tenant: string, id: string): Promise<null> {
  await api.POST('/api/v1/tenants/{tenant_code}/account-recoveries/{account_recovery_id}/withdraw', { params: recovery(tenant, id), body: {} })
  return null
}

/** How many grants ended: this one, and those its holder had given by it. */
export async function takeRole(tenant: string | null, grant: string, reason: string): Promise<number> {
  const body = { reason }
  if (tenant === null) {
    const path = { role_grant_id: grant }
    return bodyOf(await api.DELETE('/api/v1/operator/grants/{role_grant_id}', { params: { path, header: ours }, body })).ended
  }
  const path = { tenant_code: tenant, role_grant_id: grant }
  return bodyOf(await api.DELETE('/api/v1/tenants/{tenant_code}/grants/{role_grant_id}', { params: { path, header: ours }, body })).ended
}

export async function makeLink(tenant: string, account: string) {
  const params = { path: person(tenant, account), header: ours }
  return bodyOf(await api.POST('/api/v1/tenants/{tenant_code}/accounts/{account_id}/link', { params }))
}

export async function readState(tenant: string, account: string) {
  const answer = await api.GET('/api/v1/tenants/{tenant_code}/accounts/{account_id}/state', { params: { path: person(tenant, account) } })
  return { state: bodyOf(answer).state, version: versionOf(answer) }
}

export async function putState(tenant: string, account: string, state: Schemas['StateIn']['state'], version: number) {
  const params = { path: person(tenant, account), header: ifMatch(version) }
  return bodyOf(await api.PUT('/api/v1/tenants/{tenant_code}/accounts/{account_id}/state', { params, body: { state } }))
}

export async function listRoles(tenant: string, signal?: AbortSignal) {
  const params = { path: { tenant_code: tenant }, query: { limit: 100 } }
  return bodyOf(await api.GET('/api/v1/tenants/{tenant_code}/roles', { params, ...(signal && { signal }) })).items
}
