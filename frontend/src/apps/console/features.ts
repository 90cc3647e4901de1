// Every folder in src/features with a console.ts is part of the console.
import type { ConsoleFeature } from '../feature'

const found = import.meta.glob<ConsoleFeature>('../../features/*/console.ts', { eager: true, import: 'default' })

export const features: ConsoleFeature[] = Object.values(found)
