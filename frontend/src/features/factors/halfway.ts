// The second step of logging in: what the first one answers, and how to go on.
import { api, ours } from '@/shared/api/client'
import { Problem } from '@/shared/api/problem'

/** A login whose first step is done. `kinds`: what may be asked for; null where that is not known. */
export interface Halfway {
  continuation: string
  kinds: readonly string[] | null
}

/** What goes on with a login whose password was right; null where something else went wrong. */
export function halfwayOf(error: unknown): Halfway | null {
  if (!(error instanceof Problem) || !error.type.endsWith(':identity.factor_needed')) return null
  const { continuation, kinds } = error.members
  if (typeof continuation !== 'string') return null
  return { continuation, kinds: Array.isArray(kinds) ? kinds.map(String) : null }
}

/** Six digits are of an app; whatever else somebody types is on their paper. */
export const kindOf = (code: string): 'totp' | 'recovery' => (/^\d{6}$/.test(code.replace(/\s/g, '')) ? 'totp' : 'recovery')

export async function goOn(continuation: string, code: string): Promise<void> {
  await api.POST('/api/v1/session/factor', { params: { header: ours }, body: { continuation, code, kind: kindOf(code) } })
}

/** Nothing of it works any more: the password is asked for again. */
export const isOver = (problem: Problem | null): boolean => problem?.type.endsWith(':identity.factor_over') === true
