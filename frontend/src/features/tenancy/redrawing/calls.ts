// Calls about redrawing the tree: what a change would do, doing it, what was done, taking it back.
import { api, bodyOf, ours, type Schemas } from '@/shared/api/client'
import { listBelow } from '../console/tenants'

export type Plan = Schemas['PlanOut']
export type Op = Plan['op']
export type Wish = Schemas['WishIn']
export type Change = Schemas['TenantChangeOut']
export type ChangeRow = Schemas['TenancyChangesItem']

export const ops = ['move', 'merge', 'split', 'relevel', 'dissolve'] as const satisfies readonly Op[]

const at = (code: string) => ({ tenant_code: code })
const one = (code: string, id: string) => ({ tenant_code: code, tenant_change_id: id })

/** What the wish would change; nothing is written. */
export async function planChange(code: string, body: Wish): Promise<Plan> {
  return bodyOf(await api.POST('/api/v1/tenants/{tenant_code}/tenant-plans', { params: { path: at(code), header: ours }, body }))
}

export async function applyChange(code: string, body: Schemas['TenantChangeIn']): Promise<Change> {
  return bodyOf(await api.POST('/api/v1/tenants/{tenant_code}/tenant-changes', { params: { path: at(code), header: ours }, body }))
}

export async function readChange(code: string, id: string): Promise<Change> {
  return bodyOf(await api.GET('/api/v1/tenants/{tenant_code}/tenant-changes/{tenant_change_id}', { params: { path: one(code, id) } }))
}

export async function undoChange(code: string, id: string, reason: string): Promise<Change> {
  return bodyOf(await api.POST('/api/v1/tenants/{tenant_code}/tenant-changes/{tenant_change_id}/undo', { params: { path: one(code, id), header: ours }, body: { reason } }))
}

/** A tenant is asked for by its id; that of the acting one is known to those right below it. Null: nothing stands below. */
export async function ownId(code: string): Promise<number | null> {
  return (await listBelow(code, code)).items[0]?.parent_id ?? null
}

export const keys = {
  list: (code: string) => ['tenancy', 'changes', code] as const,
  one: (code: string, id: string) => ['tenancy', 'changes', code, id] as const,
}
