// What the features offer in the portal's two bars, and on "my page".
import type { MePanel, PortalEntry, PortalFeature } from '../feature'
import type { PluginMenu } from '@/host/menus'
import type { BottomTab } from './shell'

/** A phone's bar has room for so many. */
const most = 4

/** `code`: the place that a visitor is at, or was at last. */
export function entriesOf(features: readonly PortalFeature[], where: PortalEntry['where'], t: (key: string) => string, plugins: readonly PluginMenu[] = [], code: string | null = null): BottomTab[] {
  const fits = ({ at }: PortalEntry): boolean => at === undefined || (at === 'place') === (code !== null)
  const own = features.flatMap((feature) => feature.nav).filter((entry) => entry.where === where && fits(entry))
  const brought = plugins.filter(({ group }) => group === where).sort((one, other) => one.order - other.order)
  const places = [
    ...own.map(({ route, label, icon, order, at }) => ({ key: route, label: t(label), icon, order, to: { name: route, ...(at === 'place' && { params: { code: code ?? '' } }) } })),
    ...(where === 'tabs' ? brought.slice(0, Math.max(0, most - own.length)) : brought),
  ]
  return places.sort((one, other) => one.order - other.order).map(({ key, label, icon, to }) => ({ key, label, icon, to }))
}

export function panelsOf(features: readonly PortalFeature[]): MePanel[] {
  return features.flatMap(({ mePanels = [] }) => mePanels).sort((one, other) => one.order - other.order)
}
