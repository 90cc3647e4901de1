// The set-up list of a newly admitted tenant, with the version to name when it is changed.
import { api, bodyOf, ifMatch, versionOf, type Schemas } from '@/shared/api/client'

export type SetupItem = Schemas['SetupItemOut']
export interface Setup {
  items: readonly SetupItem[]
  version: number
}

export async function readSetup(code: string): Promise<Setup> {
  const answer = await api.GET('/api/v1/tenants/{tenant_code}/setup', { params: { path: { tenant_code: code } } })
  return { items: bodyOf(answer).items, version: versionOf(answer) }
}

/** All that is done once `key` is ticked or not; what the platform knows to have happened stays done. */
export function doneWith(items: readonly SetupItem[], key: SetupItem['key'], isDone: boolean): SetupItem['key'][] {
  return items.filter((item) => (item.key === key ? isDone : item.done)).map((item) => item.key)
}

export async function writeSetup(code: string, done: SetupItem['key'][], version: number): Promise<Setup> {
  const params = { path: { tenant_code: code }, header: ifMatch(version) }
  const answer = await api.PUT('/api/v1/tenants/{tenant_code}/setup', { params, body: { done } })
  return { items: bodyOf(answer).items, version: versionOf(answer) }
}
