// The navigation of one console: what the features and plugins offer and the reader may use.
import type { RouteLocationRaw } from 'vue-router'
import type { PluginMenu } from '@/host/menus'
import type { Place } from '@/shared/place/place'
import { navGroups, type ConsolePart, type NavEntry } from '../feature'
import type { NavSection } from './shell'

type Translate = (key: string) => string

/** Without a tenant, the sections of the deployment's own console. */
export function sectionsOf(parts: readonly Pick<ConsolePart, 'nav'>[], tenant: Pick<Place, 'code' | 'level'> | null, permissions: ReadonlySet<string>, t: Translate, plugins: readonly PluginMenu[] = []): NavSection[] {
  const fits = ({ permission, deepest = 5 }: NavEntry): boolean => (permission === undefined || permissions.has(permission)) && (tenant === null || tenant.level <= deepest)
  const to = (name: string): RouteLocationRaw => ({ name, ...(tenant !== null && { params: { tenant: tenant.code } }) })
  const own = parts.flatMap((part) => part.nav).filter(fits)
  const entries = [...own.map((entry) => ({ ...entry, key: entry.route, label: t(entry.label), to: to(entry.route) })), ...plugins]
  return navGroups
    .map((group) => ({
      key: group,
      ...(group !== 'task' && { label: t(`console.group.${group}`) }),
      items: entries
        .filter((entry) => entry.group === group)
        .sort((one, other) => one.order - other.order)
        .map(({ key, label, icon, to: target }) => ({ key, label, icon, to: target })),
    }))
    .filter(({ items }) => items.length > 0)
}
