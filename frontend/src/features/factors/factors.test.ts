import { expect, it } from 'vitest'
import { Problem } from '@/shared/api/problem'
import { halfwayOf, isOver, kindOf } from './halfway'

const problem = (type: string, more = {}) => new Problem({ type: `urn:wuji:problem:${type}`, title: 'x', status: 401, ...more })

it('goes on only where a second step is asked for', () => {
  expect(halfwayOf(problem('identity.factor_needed', { continuation: 'abc' }))).toEqual({ continuation: 'abc', kinds: null })
  expect(halfwayOf(problem('identity.factor_needed', { continuation: 'abc', kinds: ['passkey', 'recovery'] }))?.kinds).toEqual(['passkey', 'recovery'])
  expect(halfwayOf(problem('identity.factor_needed'))).toBeNull()
  expect(halfwayOf(problem('identity.login_failed', { continuation: 'abc' }))).toBeNull()
  expect(halfwayOf(new Error('x'))).toBeNull()
})

it('knows a code of an app from one on paper', () => {
  expect(['123456', '123 456', '12345', 'ABCD-EFGH-JKMN-PQRS', '1234567'].map(kindOf)).toEqual(['totp', 'totp', 'recovery', 'recovery', 'recovery'])
})

it('begins again where it took too long', () => {
  expect([isOver(problem('identity.factor_over')), isOver(problem('identity.factor_wrong')), isOver(null)]).toEqual([true, false, false])
})
