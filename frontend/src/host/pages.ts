// Which page of a plugin an address means. The router's own matcher decides, so `:name` parts work as everywhere.
import { createRouterMatcher } from 'vue-router'
import type { Schemas } from '@/shared/api/client'
import type { PluginUi } from './contributions'

interface Found {
  plugin: PluginUi
  page: Schemas['UiPageOut']
  params: Record<string, string>
}

const start = { path: '/', name: undefined, params: {}, matched: [], meta: {} }
const nothing = { render: () => null }

const slashed = (path: string): string => `/${path.replace(/^\/+|\/+$/g, '')}`

/** Of two that fit, the one that says more: `tips/new` before `tips/:tip`. */
export function findPage(modules: readonly PluginUi[], path: string): Found | null {
  const pages = modules.flatMap((plugin) => plugin.pages.map((page) => ({ plugin, page })))
  const records = pages.map(({ page }, index) => ({ path: slashed(page.path), name: String(index), component: nothing }))
  const { name, params } = createRouterMatcher(records, {}).resolve({ path: slashed(path) }, start)
  const found = name === undefined ? undefined : pages[Number(name)]
  if (!found) return null
  const words = Object.entries(params).map(([key, value]) => [key, decodeURIComponent([value].flat().join('/'))] as const)
  return { ...found, params: Object.fromEntries(words) }
}

/** The rest of an address below x/<plugin>, still encoded. */
export function restOf(fullPath: string, base: string): string {
  return fullPath.startsWith(base) ? fullPath.slice(base.length) : ''
}
