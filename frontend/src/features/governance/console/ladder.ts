// The way down in words: what each tenant says, who said it and when, and what became of it.
import type { Rung as Step } from '@/kit/ladder/ladder'
import { formatTime } from '@/shared/i18n/format'
import type { Level } from '@/shared/place/place'
import type { Rung } from './governance'

type Translate = (key: string, values?: Record<string, unknown>) => string

const fates = { decides: 'won', overruled: 'lost', silent: 'silent' } as const

function valueOf({ rule, on }: Rung, t: Translate): string {
  if (rule === null) return t('console.governance.said.nothing')
  if (rule === 'offer' && on !== null) return t(on ? 'console.governance.state.on' : 'console.governance.state.off')
  return t(`console.governance.rule.${rule}`)
}

export function rungsOf(ladder: readonly Rung[], t: Translate): Step[] {
  return ladder.map((rung) => {
    const day = rung.at === null ? '' : formatTime(rung.at, 'day')
    const until = rung.until === null ? '' : t('console.governance.said.until', { until: rung.until })
    const reason = rung.reason === '' ? '' : t('console.governance.said.reason', { reason: rung.reason })
    const more = [reason, until, day].filter(Boolean)
    // Where nothing is said, the value says so.
    const sentence = rung.rule === null ? '' : rung.sentence
    const who = more.length === 0 ? sentence : [sentence.replace(/[。.]$/, ''), ...more].join(' · ')
    const state = rung.verdict === 'allows' ? undefined : fates[rung.verdict]
    return { level: rung.tenant.level as Level, name: rung.tenant.name, ...(who !== '' && { who }), value: valueOf(rung, t), ...(state && { state }) }
  })
}
