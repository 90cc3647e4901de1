import { expect, it } from 'vitest'
import { bodyOfRole, permissionText } from './roles'

const typed = { name: 'grid_worker', chinese: '网格员', english: '', reach: 'subtree', class: '3', permissions: ['tenancy.profile.read'], reason: '' }

it('sends what was typed, and nothing that was not', () => {
  expect(bodyOfRole(typed, false)).toEqual({ name: 'grid_worker', label: { 'zh-CN': '网格员' }, reach: 'subtree', class: 3, permissions: ['tenancy.profile.read'], reason: '' })
  expect(bodyOfRole({ ...typed, english: 'Grid worker', reach: 'audience' }, true)).toMatchObject({ label: { 'zh-CN': '网格员', en: 'Grid worker' }, reach: 'audience', confirm: true })
})

it('says permissions in words', () => {
  expect(permissionText('identity.grant.give')).toBe('授予和收回角色')
  expect(permissionText('some_plugin.tip.publish')).toBe('some_plugin.tip.publish')
})
