// The five levels of the tree, as the back end numbers them, and the place a page is about.
import { readonly, shallowRef } from 'vue'
import type { Total } from '@/shared/i18n/format'

export const levels = ['city', 'district', 'street', 'community', 'grid'] as const
export type LevelName = (typeof levels)[number]
export type Level = 1 | 2 | 3 | 4 | 5

export function levelName(level: Level): LevelName {
  return levels[level - 1] ?? 'city'
}

/** A tenant as rails, lists and trees show it. */
export interface Place {
  code: string
  name: string
  level: Level
}

export interface Surroundings {
  place: Place
  /** From the top down; only those the reader may enter. */
  ancestors: readonly Place[]
  /** How many tenants of each deeper level lie below. */
  below: readonly { level: Level; total: Total }[]
  /** The time zone of its root; undefined until the place has been read. */
  zone?: string | undefined
}

const current = shallowRef<Surroundings | null>(null)

/** The place of this page: set by whoever knows it, shown by the shells. */
export function usePlace() {
  return {
    current: readonly(current),
    set: (found: Surroundings | null) => {
      current.value = found
    },
  }
}
