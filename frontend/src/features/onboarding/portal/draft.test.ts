import { beforeEach, expect, it } from 'vitest'
import { draftOf, empty, faultsOf, fitsAbove, keepDraft, reachOf, restoreDraft, standsAlone, stepOf, wishOf, type Draft } from './draft'

const town = { code: '340722112', name: '会宫镇', level: 3 as const }
const village = { code: '340722112201', name: '栏桥村', level: 4 as const }
const contact = { contact_name: '吴桂芳', contact_phone: '0562-1234567', contact_email: '' }
const school: Draft = { ...empty(), ...contact, category: 'school', name: '会宫中心小学', level: '3', parent: town, code: ' 91350100 m000100y43', reason: '发通知' }
const grid: Draft = { ...empty(), ...contact, category: 'territory', name: '河东网格', level: '5', parent: village, code: '340722112201001', reason: '发通知' }

beforeEach(() => localStorage.clear())

it('asks step by step for what is missing', () => {
  expect(Object.keys(faultsOf(empty(), 0))).toEqual(['category', 'name'])
  expect(Object.keys(faultsOf(empty(), 1))).toEqual(['level', 'parent', 'code', 'reason'])
  expect(Object.keys(faultsOf(empty(), 2))).toEqual(['contact_name', 'contact_phone'])
  expect(faultsOf({ ...school, contact_email: 'wu@' }, 2)).toEqual({ contact_email: { key: 'onboarding.invalid.email' } })
  expect([0, 1, 2, 3].map((step) => [faultsOf(school, step), faultsOf(grid, step)])).toEqual(Array(4).fill([{}, {}]))
})

it('lets nobody past a step that has faults', () => {
  expect([reachOf(empty()), reachOf({ ...school, code: '' }), reachOf({ ...school, contact_phone: '1' }), reachOf(school)]).toEqual([0, 1, 2, 3])
})

it('knows what can stand above', () => {
  expect([fitsAbove(school, town), fitsAbove(school, village), fitsAbove(grid, town), fitsAbove(grid, village)]).toEqual([true, false, true, true])
  expect(fitsAbove({ ...grid, level: '4' }, village)).toBe(false)
  expect(fitsAbove({ ...grid, level: '' }, village)).toBe(false)
  expect(faultsOf({ ...grid, level: '4', code: '340722112201' }, 1)).toEqual({ parent: { key: 'portal.apply.parent.level' } })
})

it('lets a territory stand alone, and nothing else', () => {
  expect(standsAlone({ ...grid, isRoot: true, parent: null })).toBe(true)
  expect(standsAlone({ ...school, isRoot: true, parent: null })).toBe(false)
  expect(standsAlone({ ...grid, level: '1', parent: null })).toBe(true)
  expect(faultsOf({ ...school, isRoot: true, parent: null }, 1)).toEqual({ parent: { key: 'portal.apply.parent.empty' } })
})

it('sends what the API asks for: only a territory names its level', () => {
  const common = { contact_name: '吴桂芳', contact_phone: '0562-1234567', reason: '发通知' }
  expect(wishOf(school)).toEqual({ ...common, name: '会宫中心小学', category: 'school', code: '91350100M000100Y43' })
  expect(wishOf({ ...grid, contact_email: ' a@b.cn ' })).toEqual({ ...common, name: '河东网格', category: 'territory', level: 5, code: '340722112201001', contact_email: 'a@b.cn' })
})

it('finds the step of a field that the server names', () => {
  expect(['name', 'parent_code', 'code', 'contact_email', 'unknown'].map(stepOf)).toEqual([0, 1, 1, 2, 0])
})

it('is kept on this device until it is sent', () => {
  keepDraft(grid)
  expect(restoreDraft()).toEqual(grid)
  keepDraft(null)
  expect(restoreDraft()).toEqual(empty())
  localStorage.setItem('wuji.application', '{')
  expect(restoreDraft()).toEqual(empty())
})

it('is filled from what was sent, to be sent again', () => {
  const sent = { ...contact, name: '会宫中心小学', code: '91350100M000100Y43', category: 'school', level: 4, wish: '发通知', parent: { code: town.code, name: town.name }, state: 'rejected', submitted_at: '2026-07-23T00:00:00Z', decided_at: null, reason: '写全称', tenant_code: null, login: null, link: null } as const
  const draft = draftOf(sent, town)
  expect(draft).toEqual({ ...school, code: '91350100M000100Y43' })
  expect(reachOf(draft)).toBe(3)
})
