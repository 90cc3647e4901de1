// Every folder in src/features with a portal.ts is part of the portal.
import type { PortalFeature } from '../feature'

const found = import.meta.glob<PortalFeature>('../../features/*/portal.ts', { eager: true, import: 'default' })

export const features: PortalFeature[] = Object.values(found)
