// Calls about trees that join and part: asked for at one end, answered at the other.
import { api, bodyOf, ours, type Schemas } from '@/shared/api/client'
import type { Listed } from './wish'

export type Wanted = Schemas['WantedIn']
export type TransferPlan = Schemas['TransferPlanOut']
export type Transfer = Schemas['TransferOut']
export type TransferRow = Schemas['TenancyTransfersItem']

/** What may be done with one that was asked for. */
export const answers = ['agree', 'decline', 'withdraw', 'undo'] as const
export type Answer = (typeof answers)[number]

const at = (code: string) => ({ tenant_code: code })
const one = (code: string, id: string) => ({ path: { tenant_code: code, tenant_transfer_id: id }, header: ours })

export async function planTransfer(code: string, body: Wanted): Promise<TransferPlan> {
  return bodyOf(await api.POST('/api/v1/tenants/{tenant_code}/transfer-plans', { params: { path: at(code), header: ours }, body }))
}

export async function askTransfer(code: string, body: Schemas['TransferIn']): Promise<Transfer> {
  return bodyOf(await api.POST('/api/v1/tenants/{tenant_code}/tenant-transfers', { params: { path: at(code), header: ours }, body }))
}

/** A tenant as everybody may know it. */
export async function readListed(code: string): Promise<Listed> {
  return bodyOf(await api.GET('/api/v1/tenants/{tenant_code}', { params: { path: at(code) } }))
}

export async function readTransfer(code: string, id: string): Promise<Transfer> {
  return bodyOf(await api.GET('/api/v1/tenants/{tenant_code}/tenant-transfers/{tenant_transfer_id}', { params: { path: one(code, id).path } }))
}

export async function answerTransfer(code: string, { id, plan }: Transfer, answer: Answer, reason: string): Promise<Transfer> {
  const params = one(code, id)
  if (answer === 'agree') return bodyOf(await api.POST('/api/v1/tenants/{tenant_code}/tenant-transfers/{tenant_transfer_id}/agree', { params, body: { fingerprint: plan?.fingerprint ?? '', reason } }))
  if (answer === 'decline') return bodyOf(await api.POST('/api/v1/tenants/{tenant_code}/tenant-transfers/{tenant_transfer_id}/decline', { params, body: { reason } }))
  if (answer === 'withdraw') return bodyOf(await api.POST('/api/v1/tenants/{tenant_code}/tenant-transfers/{tenant_transfer_id}/withdraw', { params, body: { reason } }))
  return bodyOf(await api.POST('/api/v1/tenants/{tenant_code}/tenant-transfers/{tenant_transfer_id}/undo', { params, body: { reason } }))
}

export const mayAnswer = (found: Transfer, answer: Answer): boolean => found[`may_${answer}`]

export const keys = {
  list: (code: string) => ['tenancy', 'transfers', code] as const,
  one: (code: string, id: string) => ['tenancy', 'transfers', code, id] as const,
}
