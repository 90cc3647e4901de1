import { expect, it } from 'vitest'
import type { Rung } from './governance'
import { rungsOf } from './ladder'

const said: Rung = {
  tenant: { code: '3407', name: '铜陵市', level: 1 }, by: { code: '3407', name: '铜陵市', level: 1 }, rule: 'offer', on: true, reason: '农时不等人', until: null,
  stages: null, paused_at: null, allows: [], at: '2026-06-18T02:00:00Z', verdict: 'decides', sentence: '铜陵市已打开，下级可以自己选。',
}
const t = (key: string, values: Record<string, unknown> = {}) => `${key.replace('console.governance.', '')}${Object.values(values).join('')}`

it('says of each level what it says, why and since when, and which decides', () => {
  const nothing: Rung = { ...said, by: null, rule: null, on: null, reason: '', at: null, verdict: 'silent', sentence: '枞阳县没有规定。' }
  const forbids: Rung = { ...said, rule: 'forbid', on: null, reason: '', at: null, until: '2026-12-31', verdict: 'overruled' }
  expect(rungsOf([said, nothing, forbids, { ...said, rule: 'offer', on: null, verdict: 'allows' }], t)).toMatchObject([
    { value: 'state.on', state: 'won', who: '铜陵市已打开，下级可以自己选 · said.reason农时不等人 · 6月18日' },
    { value: 'said.nothing', state: 'silent' },
    { value: 'rule.forbid', state: 'lost', who: '铜陵市已打开，下级可以自己选 · said.until2026-12-31' },
    { value: 'rule.offer' },
  ])
})
