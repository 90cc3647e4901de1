import { expect, it } from 'vitest'
import { begun, differs, fromStages, toStages, typedOf, wishOf } from './wish'

const own = {
  rule: 'offer', on: true, reason: '先试', until: '2026-12-31', allows: [], paused_at: null, at: null, version: 3,
  stages: [{ on: '2026-06-01', tenants: [{ code: '340722100', name: '横埠镇', level: 3 }] }, { on: '2026-07-15', tenants: null }],
} as const

it('begins with what is said there, and sends the same again', () => {
  const typed = typedOf({ own: own as never })
  expect(typed).toMatchObject({ rule: 'offer', on: 'on', until: '2026-12-31' })
  expect(wishOf(typed)).toEqual({ rule: 'offer', on: true, reason: '先试', until: '2026-12-31', allows: [], stages: [{ on: '2026-06-01', codes: ['340722100'] }, { on: '2026-07-15', codes: null }] })
  expect(typedOf({ own: null }).rule).toBe('inherit')
})

it('leaves out what does not go with the rule, and knows when nothing has changed', () => {
  const typed = typedOf({ own: own as never })
  expect(wishOf({ ...typed, rule: 'forbid' })).toMatchObject({ rule: 'forbid', on: null, stages: null })
  expect(wishOf({ ...typed, on: 'off' })).toMatchObject({ on: false, stages: null })
  expect(differs(typed, { ...typed, reason: ' 先试 ' })).toBe(false)
  expect(differs(typed, { ...typed, on: 'open' })).toBe(true)
})

it('puts children into batches, the rest into the last', () => {
  const stages = [{ on: '2026-06-01', codes: ['a', 'c'] }, { on: '2026-07-15', codes: ['b'] }, { on: '2026-08-10', codes: null }]
  const { days, batches } = fromStages(stages)
  expect(toStages(days, batches)).toEqual(stages)
})

it('counts the batches that have begun; a pause keeps later ones back', () => {
  const stages = [{ on: '2026-06-01' }, { on: '2026-07-15' }, { on: '2026-08-10' }]
  expect(begun(stages, '2026-07-15', null)).toBe(2)
  expect(begun(stages, '2026-09-01', '2026-07-20T03:00:00Z')).toBe(2)
  expect(begun(stages, '2026-05-01', '2026-07-20T03:00:00Z')).toBe(0)
})
