// Calls about where plugins are active: the grid, one cell explained, and saying something about it.
import { api, bodyOf, ifMatch, ours, versionOf, type Schemas } from '@/shared/api/client'

export type GridRow = Schemas['GridRowOut']
export type Cell = Schemas['CellOut']
export type Plugin = Schemas['PluginOut']
export type Explained = Schemas['ExplainedPluginOut'] & { rowVersion: number }
export type Rung = Schemas['PluginRungOut']
export type Stage = Schemas['StageOut']
export type Wish = Schemas['RuleIn']
export type Rule = Wish['rule']
export type Effect = Schemas['EffectOut']
export type Change = Schemas['RuleChangeOut']

/** One cell: a plugin at a tenant, seen from the acting one. */
export interface Spot {
  code: string
  tenant: number
  plugin: string
}

const cell = ({ code, tenant, plugin }: Spot) => ({ tenant_code: code, tenant_id: tenant, plugin_id: plugin })

export async function listPlugins(code: string) {
  return bodyOf(await api.GET('/api/v1/tenants/{tenant_code}/plugins', { params: { path: { tenant_code: code } } })).items
}

export async function listGrid(code: string, parent: number | null, cursor?: string) {
  const query = { limit: 100, ...(parent !== null && { parent_id: parent }), ...(cursor !== undefined && { cursor }) }
  return bodyOf(await api.GET('/api/v1/tenants/{tenant_code}/plugin-rules', { params: { path: { tenant_code: code }, query } }))
}

/** With the version of what the acting tenant says there, which a change gives back. */
export async function explain(spot: Spot): Promise<Explained> {
  const answer = await api.GET('/api/v1/tenants/{tenant_code}/plugin-rules/{tenant_id}/{plugin_id}', { params: { path: cell(spot) } })
  return { ...bodyOf(answer), rowVersion: versionOf(answer) }
}

async function put(spot: Spot, version: number, body: Wish, dry: boolean): Promise<Change> {
  const params = { path: cell(spot), query: dry ? { dry_run: true } : {}, header: ifMatch(version) }
  return bodyOf(await api.PUT('/api/v1/tenants/{tenant_code}/plugin-rules/{tenant_id}/{plugin_id}', { params, body }))
}

/** What a change would switch; nothing is written. */
export const tryRule = (spot: Spot, version: number, body: Wish) => put(spot, version, body, true)
export const setRule = (spot: Spot, version: number, body: Wish) => put(spot, version, body, false)

export async function pauseRollout(spot: Spot): Promise<Change> {
  return bodyOf(await api.POST('/api/v1/tenants/{tenant_code}/plugin-rules/{tenant_id}/{plugin_id}/pause', { params: { path: cell(spot), header: ours } }))
}

export async function resumeRollout(spot: Spot): Promise<Change> {
  return bodyOf(await api.POST('/api/v1/tenants/{tenant_code}/plugin-rules/{tenant_id}/{plugin_id}/resume', { params: { path: cell(spot), header: ours } }))
}

export const keys = {
  plugins: (code: string) => ['governance', 'plugins', code] as const,
  cell: ({ code, tenant, plugin }: Spot) => ['governance', 'cell', code, tenant, plugin] as const,
}
