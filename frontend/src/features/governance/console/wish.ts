// What is typed in the form of a change, and what is sent of it.
import type { Explained, Rule, Stage, Wish } from './governance'
import { maySwitchInSteps, onOf, switchOf, type Switch } from './state'

export interface Typed {
  rule: Rule
  on: Switch
  reason: string
  until: string
  allows: string[]
  stages: Batch[] | null
}

/** A batch of a roll-out; codes null: all that no batch names. */
export interface Batch {
  on: string
  codes: string[] | null
}

const batchOf = ({ on, tenants }: Stage): Batch => ({ on, codes: tenants?.map(({ code }) => code) ?? null })

/** What the acting tenant says there now; saying nothing is following those above. */
export function typedOf({ own }: Pick<Explained, 'own'>): Typed {
  if (own === null) return { rule: 'inherit', on: 'open', reason: '', until: '', allows: [], stages: null }
  const { rule, on, reason, until, allows, stages } = own
  return { rule: rule ?? 'inherit', on: switchOf(on), reason, until: until ?? '', allows: [...allows], stages: stages?.map(batchOf) ?? null }
}

export function wishOf({ rule, on, reason, until, allows, stages }: Typed): Wish {
  return {
    rule,
    on: onOf(rule, on),
    reason: reason.trim(),
    until: until === '' ? null : until,
    stages: maySwitchInSteps(rule, on) ? stages : null,
    allows,
  }
}

const shape = (typed: Typed): string => JSON.stringify(wishOf(typed))
export const differs = (one: Typed, other: Typed): boolean => shape(one) !== shape(other)

/** Batches as the dialog has them: a day each, and which batch every child is in; the last takes the rest. */
export function toStages(days: readonly string[], batchOfCode: ReadonlyMap<string, number>): Batch[] {
  const last = days.length - 1
  return days.map((on, index) => ({ on, codes: index === last ? null : [...batchOfCode].filter(([, batch]) => batch === index).map(([code]) => code) }))
}

export function fromStages(stages: readonly Batch[]): { days: string[]; batches: Map<string, number> } {
  const batches = new Map(stages.flatMap(({ codes }, index) => (codes ?? []).map((code) => [code, index] as const)))
  return { days: stages.map(({ on }) => on), batches }
}

/** How far a roll-out has come by a day: the number of batches that have begun. A pause stops the day. */
export function begun(stages: readonly Pick<Stage, 'on'>[], today: string, pausedAt: string | null): number {
  const day = pausedAt !== null && pausedAt.slice(0, 10) < today ? pausedAt.slice(0, 10) : today
  return stages.filter(({ on }) => on <= day).length
}
