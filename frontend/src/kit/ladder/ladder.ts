import type { Level } from '@/shared/place/place'

/** One level's say in the answer. */
export interface Rung {
  /** Without a level: the platform's default, or everybody else. */
  level?: Level
  name: string
  who?: string
  value: string
  /** won: decides; lost: overruled; silent: says nothing. */
  state?: 'won' | 'lost' | 'silent'
}
