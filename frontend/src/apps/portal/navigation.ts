// What the features offer in the portal's two bars.
import type { PortalEntry, PortalFeature } from '../feature'
import type { BottomTab } from './shell'

export function entriesOf(features: readonly PortalFeature[], where: PortalEntry['where'], t: (key: string) => string): BottomTab[] {
  return features
    .flatMap((feature) => feature.nav)
    .filter((entry) => entry.where === where)
    .sort((one, other) => one.order - other.order)
    .map(({ route, label, icon }) => ({ key: route, label: t(label), icon, to: { name: route } }))
}
