import { expect, it } from 'vitest'
import { momentsOf } from './journal-query'

it('asks from the first moment of a day up to the first of the day after', () => {
  const { since, until, verb } = momentsOf({ limit: 20, verb: 'a.b.c', since: '2026-07-01', until: '2026-07-01' })
  expect(new Date(String(until)).getTime() - new Date(String(since)).getTime()).toBe(86_400_000)
  expect([new Date(String(since)).getHours(), verb]).toEqual([0, 'a.b.c'])
})

it('drops what is no day', () => {
  expect(momentsOf({ limit: 20, since: 'yesterday' })).toEqual({ limit: 20 })
})
