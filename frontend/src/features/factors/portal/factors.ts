// Calls about one's own second steps. The password shows that they are one's own; whoever has none has just logged in.
import { api, bodyOf, ours } from '@/shared/api/client'

const shown = (password: string): { password?: string } => (password === '' ? {} : { password })

export async function beginFactor(name: string, password: string) {
  return bodyOf(await api.POST('/api/v1/me/factors', { params: { header: ours }, body: { name, ...shown(password) } }))
}

/** The codes on paper that come with the first one. */
export async function confirmFactor(id: string, code: string): Promise<string[]> {
  const params = { path: { factor_id: id }, header: ours }
  return bodyOf(await api.POST('/api/v1/me/factors/{factor_id}/confirm', { params, body: { code } })).recovery_codes
}

export async function removeFactor(id: string, password: string): Promise<undefined> {
  await api.DELETE('/api/v1/me/factors/{factor_id}', { params: { path: { factor_id: id }, header: ours }, body: shown(password) })
}

export async function makeCodes(password: string): Promise<string[]> {
  return bodyOf(await api.POST('/api/v1/me/recovery-codes', { params: { header: ours }, body: shown(password) })).recovery_codes
}
