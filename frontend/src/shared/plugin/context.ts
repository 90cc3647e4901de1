// What a plugin's component stands in: which plugin, at which tenant, on which page. The host hands it down.
import { inject, provide, type ComputedRef, type InjectionKey } from 'vue'
import type { May } from '@/shared/place/acting'

export type Surface = 'portal' | 'console' | 'tv'

export interface PluginContext {
  id: string
  version: string
  surface: Surface
  /** Code of the tenant that the page is about. */
  code: ComputedRef<string>
  /** The `:name` parts of the page's address; a slot has none. */
  params: ComputedRef<Readonly<Record<string, string>>>
  /** Whether the reader holds a permission there. */
  may: May
}

const key: InjectionKey<PluginContext> = Symbol('plugin')

export function providePlugin(context: PluginContext): void {
  provide(key, context)
}

export function usePluginContext(): PluginContext {
  const context = inject(key)
  if (!context) throw new Error('this component was not shown as part of a plugin')
  return context
}

const prefixes: Record<Surface, string> = { portal: '', console: '/console', tv: '/tv' }

/** Where a plugin's pages lie below a tenant; the console's and the TV's have a prefix of their own. */
export function pluginBase(surface: Surface, code: string, id: string): string {
  return `${prefixes[surface]}/${code}/x/${id}`
}

/** A path that leads nowhere else than below its base. */
export function below(base: string, path: string): string {
  const rest = path.replace(/^\/+/, '')
  return rest === '' ? base : `${base}/${rest}`
}
