import { expect, it } from 'vitest'
import { endingSoon } from './waiting'

const now = new Date('2026-07-23T00:00:00Z')
const grant = (id: string, expires_at: string | null) =>
  ({ id, account_id: id, account_name: id, role: 'clerk', label: 'identity.role.clerk', labels: {}, given_at: '2026-01-01T00:00:00Z', expires_at, state: 'live', account_state: 'active', ending: 'later', tenant: '3407', tenant_name: '铜陵市' }) as const

it('names those that end within a month, the next first', () => {
  const found = endingSoon([grant('late', '2026-08-20T00:00:00Z'), grant('next', '2026-07-24T00:00:00Z'), grant('far', '2027-01-01T00:00:00Z'), grant('never', null), grant('over', '2026-07-22T00:00:00Z')], now)
  expect(found.map(({ id, days }) => [id, days])).toEqual([['next', 1], ['late', 28]])
})
