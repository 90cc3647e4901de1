// Calls about login providers, and what somebody types about one.
import { api, bodyOf, ifMatch, ours, type Schemas } from '@/shared/api/client'

export type Provider = Schemas['ProviderOut']
export type Kind = Schemas['ProviderKindOut']
export const openid = 'oidc'
export interface Typed {
  kind: string
  name: string
  issuer: string
  client: string
  /** Of one that is there already: empty keeps the one of before. */
  secret: string
  scope: string
  /** What else its kind wants to know. */
  extra: string
  /** What it says of whoever showed two factors there. */
  strong: string
  admits: Provider['admits']
  isOn: boolean
  reason: string
}

export const empty = (): Typed => ({ kind: openid, extra: '', strong: '', name: '', issuer: '', client: '', secret: '', scope: 'openid profile', admits: 'linked', isOn: true, reason: '' })
export const typedOf = (one: Provider): Typed => ({ ...empty(), kind: one.kind, extra: one.extra, strong: one.strong, name: one.name, issuer: one.issuer, client: one.client_id, scope: one.scope, admits: one.admits, isOn: one.is_on })

const at = (tenant: string, id: string) => ({ tenant_code: tenant, login_provider_id: id })

export const listProviders = async (tenant: string) => bodyOf(await api.GET('/api/v1/tenants/{tenant_code}/login-providers', { params: { path: { tenant_code: tenant } } }))

export async function saveProvider(tenant: string, before: Provider | null, version: number, typed: Typed): Promise<Provider> {
  const same = { name: typed.name.trim(), client_id: typed.client.trim(), scope: typed.scope.trim(), extra: typed.extra.trim(), strong: typed.strong.trim(), admits: typed.admits, is_on: typed.isOn, reason: typed.reason }
  const secret = typed.secret === '' ? {} : { client_secret: typed.secret }
  if (before === null) {
    const body = { ...same, ...secret, kind: typed.kind, issuer: typed.issuer.trim() }
    return bodyOf(await api.POST('/api/v1/tenants/{tenant_code}/login-providers', { params: { path: { tenant_code: tenant }, header: ours }, body }))
  }
  const params = { path: at(tenant, before.id), header: ifMatch(version) }
  return bodyOf(await api.PUT('/api/v1/tenants/{tenant_code}/login-providers/{login_provider_id}', { params, body: { ...same, ...secret } }))
}

export async function tryProvider(tenant: string, id: string) {
  return bodyOf(await api.POST('/api/v1/tenants/{tenant_code}/login-providers/{login_provider_id}/check', { params: { path: at(tenant, id), header: ours } }))
}

export async function removeProvider(tenant: string, id: string, reason: string): Promise<void> {
  await api.DELETE('/api/v1/tenants/{tenant_code}/login-providers/{login_provider_id}', { params: { path: at(tenant, id), header: ours }, body: { reason } })
}
