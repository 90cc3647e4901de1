// The navigation of one console: what the features offer and the reader may use.
import type { RouteLocationRaw } from 'vue-router'
import { navGroups, type ConsolePart, type NavEntry } from '../feature'
import type { NavSection } from './shell'

type Translate = (key: string) => string

/** Without a tenant, the sections of the deployment's own console. */
export function sectionsOf(parts: readonly Pick<ConsolePart, 'nav'>[], tenant: string | null, permissions: ReadonlySet<string>, t: Translate): NavSection[] {
  const may = ({ permission }: NavEntry): boolean => permission === undefined || permissions.has(permission)
  const to = (name: string): RouteLocationRaw => ({ name, ...(tenant !== null && { params: { tenant } }) })
  const entries = parts.flatMap((part) => part.nav).filter(may)
  return navGroups
    .map((group) => ({
      key: group,
      ...(group !== 'task' && { label: t(`console.group.${group}`) }),
      items: entries
        .filter((entry) => entry.group === group)
        .sort((one, other) => one.order - other.order)
        .map(({ route, label, icon }) => ({ key: route, label: t(label), icon, to: to(route) })),
    }))
    .filter(({ items }) => items.length > 0)
}
