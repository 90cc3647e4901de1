import { expect, it } from 'vitest'
import { operatorPermissions, permissionsAt, startOf, type Grant } from './session'

const grant = (code: string | null, permissions: string[], expires_at: string | null = null): Grant => ({
  tenant: code === null ? null : { code, name: code, level: 1 },
  role: 'head',
  label: 'identity.role.head',
  labels: {},
  permissions,
  expires_at,
})
const now = new Date('2026-07-23T00:00:00Z')

it('joins what is granted here and above, and nothing from beside', () => {
  const grants = [grant('3407', ['tenancy.tenant.read']), grant('340722', ['agri_tips.tip.publish']), grant('340706', ['identity.account.reset']), grant(null, ['tenancy.tenant.add'])]
  expect([...permissionsAt(grants, ['340722', '3407'], now)].sort()).toEqual(['agri_tips.tip.publish', 'tenancy.tenant.read'])
})

it('forgets what has expired', () => {
  const grants = [grant('3407', ['a.b.c'], '2026-07-22T00:00:00Z'), grant('3407', ['d.e.f'], '2026-07-24T00:00:00Z')]
  expect([...permissionsAt(grants, ['3407'], now)]).toEqual(['d.e.f'])
})

it('keeps the deployment apart from its tenants', () => {
  const grants = [grant('3407', ['a.b.c']), grant(null, ['d.e.f']), grant(null, ['g.h.i'], '2026-07-22T00:00:00Z')]
  expect([...operatorPermissions(grants, now)]).toEqual(['d.e.f'])
})

it('leads to a console only those who have one', () => {
  expect(startOf({ grants: [grant('3407', []), grant('3407', ['a.b.c'])] })).toBe('/console')
  expect(startOf({ grants: [grant(null, ['d.e.f'])] })).toBe('/console')
  expect(startOf({ grants: [grant('3407', []), grant('3407', ['a.b.c'], '2020-01-01T00:00:00Z')] })).toBe('/me')
  expect(startOf({ grants: [] })).toBe('/me')
})
