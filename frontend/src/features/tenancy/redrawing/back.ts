// What taking a change back does, in sentences: the plan read backwards.
import { t } from '@/shared/i18n/i18n'
import type { Plan } from './calls'

export function backOf({ op, steps, absorbed, redirects }: Plan): string[] {
  const say = (key: string, params: Readonly<Record<string, unknown>>): string => t(`console.redraw.back_of.${key}`, params)
  const made = op === 'split' ? steps[0]?.to : undefined
  return [
    ...(absorbed === null ? [] : [say('absorbed', { tenant: absorbed.tenant.name, into: absorbed.into.name })]),
    ...steps.map(({ tenant, from, to }) => say(from.code === to.code ? 'level' : 'step', { tenant: tenant.name, from: from.name, to: to.name })),
    ...redirects.map(({ old, new: now }) => say('redirect', { old, now })),
    ...(made === undefined ? [] : [say('made', { tenant: made.name })]),
  ]
}
