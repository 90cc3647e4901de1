// Calls about programs of others, and what somebody types about one: the members of RFC 7591 that most programs need.
import { api, bodyOf, ifMatch, ours, versionOf } from '@/shared/api/client'

export const scopes = ['openid', 'profile', 'email', 'offline_access', 'tenant', 'api:read', 'api:write'] as const
/** What a program is, and so how it proves itself and what it may ask for. */
export const kinds = ['server', 'browser', 'device', 'service'] as const
export type Kind = (typeof kinds)[number]
type Metadata = Record<string, unknown>
export interface Typed {
  name: string
  english: string
  kind: Kind
  addresses: string
  after: string
  scopes: string[]
}

const code = 'authorization_code'
const refresh = 'refresh_token'
const device = 'urn:ietf:params:oauth:grant-type:device_code'
const own = 'client_credentials'
const grants: Record<Kind, string[]> = { server: [code, refresh], browser: [code, refresh], device: [device, refresh], service: [own] }
const proves: Record<Kind, string> = { server: 'client_secret_basic', browser: 'none', device: 'none', service: 'client_secret_basic' }

/** Whether people are sent to an address of its. */
export const isAnswered = (kind: Kind): boolean => grants[kind].includes(code)

export const linesOf = (text: string): string[] => text.split(/\s+/).filter((line) => line !== '')
const listOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : [])
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

export function kindOf(metadata: Metadata): Kind {
  const asked = listOf(metadata['grant_types'])
  if (asked.includes(device)) return 'device'
  if (!asked.includes(code)) return 'service'
  return metadata['token_endpoint_auth_method'] === 'none' ? 'browser' : 'server'
}

export function typedOf(metadata: Metadata): Typed {
  return {
    name: textOf(metadata['client_name']),
    english: textOf(metadata['client_name#en']),
    kind: kindOf(metadata),
    addresses: listOf(metadata['redirect_uris']).join('\n'),
    after: listOf(metadata['post_logout_redirect_uris']).join('\n'),
    scopes: textOf(metadata['scope']).split(' ').filter((scope) => scope !== ''),
  }
}

/** What the form does not ask for stays as it was registered; so does how the program proves itself, where its kind stays. */
export function metadataOf(typed: Typed, before: Metadata = {}): Metadata {
  const answered = isAnswered(typed.kind)
  const changed = before['client_name'] === undefined || kindOf(before) !== typed.kind
  return {
    ...Object.fromEntries(Object.entries(before).filter(([member]) => member !== 'client_name#en')),
    client_name: typed.name.trim(),
    ...(typed.english.trim() !== '' && { 'client_name#en': typed.english.trim() }),
    ...(changed && { grant_types: grants[typed.kind], token_endpoint_auth_method: proves[typed.kind] }),
    redirect_uris: answered ? linesOf(typed.addresses) : [],
    post_logout_redirect_uris: answered ? linesOf(typed.after) : [],
    scope: scopes.filter((scope) => typed.scopes.includes(scope)).join(' '),
  }
}

const one = (tenant: string, client: string) => ({ tenant_code: tenant, client_id: client })

export async function readProgram(tenant: string, client: string) {
  const answer = await api.GET('/api/v1/tenants/{tenant_code}/oauth-clients/{client_id}', { params: { path: one(tenant, client) } })
  return { ...bodyOf(answer), version: versionOf(answer) }
}

export type Program = Awaited<ReturnType<typeof readProgram>>

/** The id, and the secret where there is a new one. */
export async function saveProgram(tenant: string, program: Program | null, typed: Typed, reason: string) {
  const body = { metadata: metadataOf(typed, program?.metadata), reason }
  if (program === null) return bodyOf(await api.POST('/api/v1/tenants/{tenant_code}/oauth-clients', { params: { path: { tenant_code: tenant }, header: ours }, body }))
  const params = { path: one(tenant, program.client_id), header: ifMatch(program.version) }
  return bodyOf(await api.PUT('/api/v1/tenants/{tenant_code}/oauth-clients/{client_id}', { params, body }))
}

export async function rotateSecret(tenant: string, client: string, reason: string): Promise<string> {
  const params = { path: one(tenant, client), header: ours }
  return bodyOf(await api.POST('/api/v1/tenants/{tenant_code}/oauth-clients/{client_id}/secret', { params, body: { reason } })).client_secret
}

export async function removeProgram(tenant: string, client: string, reason: string): Promise<void> {
  const params = { path: one(tenant, client), header: ours }
  await api.DELETE('/api/v1/tenants/{tenant_code}/oauth-clients/{client_id}', { params, body: { reason } })
}
