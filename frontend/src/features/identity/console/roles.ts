// Calls about the roles of a root, and their permissions in words.
import { api, bodyOf, ifMatch, ours, versionOf, type Schemas } from '@/shared/api/client'
import { textOr } from '@/shared/i18n/i18n'

/** By their number: what a holder is to the tenant, and so what they are shown. */
export const classes = ['none', 'resident', 'member', 'official'] as const

export type Role = Schemas['RoleOut'] & { version: number }
type NewRole = Schemas['RoleIn']
interface Typed {
  name: string
  chinese: string
  english: string
  reach: string
  class: string
  permissions: string[]
  reason: string
}

/** feature.thing.verb stands in the catalogue as feature.permission.thing.verb. */
export function permissionText(permission: string): string {
  return textOr(permission.replace('.', '.permission.'), permission)
}

export function bodyOfRole({ name, chinese, english, reach, permissions, reason, ...typed }: Typed, isSure: boolean): NewRole & { confirm?: boolean } {
  const label = { 'zh-CN': chinese, ...(english !== '' && { en: english }) }
  return { name, label, reach: reach === 'audience' ? 'audience' : 'subtree', class: Number(typed.class), permissions, reason, ...(isSure && { confirm: true }) }
}

const one = (tenant: string, role: number) => ({ tenant_code: tenant, role_id: role })

export async function readRole(tenant: string, role: number): Promise<Role> {
  const answer = await api.GET('/api/v1/tenants/{tenant_code}/roles/{role_id}', { params: { path: one(tenant, role) } })
  return { ...bodyOf(answer), version: versionOf(answer) }
}

/** A role keeps the name it was made with; without one that was read, a new role is made. */
export async function saveRole(tenant: string, role: Role | null, { confirm, name, ...body }: NewRole & { confirm?: boolean }) {
  if (role === null) return bodyOf(await api.POST('/api/v1/tenants/{tenant_code}/roles', { params: { path: { tenant_code: tenant }, header: ours }, body: { ...body, name } }))
  const params = { path: one(tenant, role.id), header: ifMatch(role.version) }
  return bodyOf(await api.PUT('/api/v1/tenants/{tenant_code}/roles/{role_id}', { params, body: { ...body, ...(confirm && { confirm }) } }))
}

export async function removeRole(tenant: string, role: number, reason: string): Promise<void> {
  await api.DELETE('/api/v1/tenants/{tenant_code}/roles/{role_id}', { params: { path: one(tenant, role), header: ours }, body: { reason } })
}
