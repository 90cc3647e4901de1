// What a cell of the grid says: the rule in force, or what keeps a plugin off although rules would switch it on.
import type { IconName } from '@/kit/icon/icons'
import type { Level } from '@/shared/place/place'
import type { Cell, Effect, Rule } from './governance'

export const rules: readonly Rule[] = ['require', 'offer', 'forbid', 'inherit']

export const states = ['require', 'on', 'off', 'forbid', 'level', 'needs', 'suspended'] as const
export type State = (typeof states)[number]

export const stateIcons: Record<State, IconName> = { require: 'lock', on: 'check', off: 'minus', forbid: 'ban', level: 'minus', needs: 'link', suspended: 'pause' }

export function stateOf({ cause, rule, on }: Pick<Cell, 'cause' | 'rule' | 'on'>): State {
  if (cause === 'level' || cause === 'needs' || cause === 'suspended') return cause
  if (rule === 'require' || rule === 'forbid') return rule
  return on ? 'on' : 'off'
}

/** How a state looks: what keeps a plugin off looks like off. */
export function lookOf(state: State): 'require' | 'on' | 'off' | 'forbid' {
  return state === 'level' || state === 'needs' || state === 'suspended' ? 'off' : state
}

/** What a choice says about on and off: offering alone may switch. */
export type Switch = 'on' | 'off' | 'open'
const switched: Record<Switch, boolean | null> = { on: true, off: false, open: null }

export function onOf(rule: Rule, wanted: Switch): boolean | null {
  return rule === 'offer' ? switched[wanted] : null
}

export function switchOf(on: boolean | null): Switch {
  if (on === null) return 'open'
  return on ? 'on' : 'off'
}

/** A roll-out in steps is for what switches on. */
export function maySwitchInSteps(rule: Rule, on: Switch): boolean {
  return rule === 'require' || (rule === 'offer' && on === 'on')
}

export interface Counted {
  plugin: string
  way: 'on' | 'off'
  levels: { level: Level; count: number }[]
}

/** What a change would do, a line for each plugin and direction; what goes off comes first. */
export function linesOf(effects: readonly Effect[]): Counted[] {
  return (['off', 'on'] as const).flatMap((way) =>
    effects
      .filter((effect) => effect[way] > 0)
      .map(({ name, levels }) => ({
        plugin: name,
        way,
        levels: levels.filter((one) => one[way] > 0).map((one) => ({ level: one.level as Level, count: one[way] })),
      })),
  )
}
