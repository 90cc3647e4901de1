import { expect, it } from 'vitest'
import type { Plan } from './calls'
import { backOf } from './back'
import { asCsv, contradicted, differing, leftSaid, sectionsOf } from './plan'
import { stateOf } from './states'
import { dayOf } from './then'
import { barredAsParent, barredFrom, wishOf, type Chosen, type Typed } from './wish'

const row = (code: string, more: Partial<Chosen> = {}): Chosen => ({ id: Number(code), code, name: code, level: 3, category: 'territory', state: 'active', children: 4, parent: '340722', ...more })
const town = row('340722107')
const place = (code: string, name: string, level = 3) => ({ code, name, level })
const plan: Plan = {
  op: 'merge',
  steps: [{ tenant: place('340722107200', '一村', 4), from: place('340722107', '甲镇'), to: place('340722108', '乙镇'), level: { now: 4, then: 4 }, code: { now: '340722107200', then: '340722107200', prefix: '340722108', fits: false } }],
  absorbed: { tenant: place('340722107', '甲镇'), into: place('340722108', '乙镇'), grants: [] },
  absorbed_rows: [{ table: 'file', goes: 3, stays: 1 }, { table: 'job', goes: 0, stays: 0 }],
  redirects: [{ old: '340722107', new: '340722108' }],
  tenants: [{ level: 4, tenants: 1 }],
  sight: [],
  rules: [],
  namesakes: [],
  rows: [{ table: 'agri_tips.tip', rows: 12 }],
  audiences: [],
  plugins: [{ plugin_id: 'agri_tips', name: '每月农话', on: 0, off: 2, levels: [] }],
  shown: [{ tenant: place('340722', '甲县', 2), way: 'out', class: 1, rows: 4 }],
  overtaken: [{ code: '340722109', tenant: place('340722111', '丙镇') }],
  fingerprint: 'f',
}

it('offers a parent only where the tenant could stand, and says why not elsewhere', () => {
  const why = (op: Typed['op'], other: Chosen, tenant = town) => barredAsParent(op, tenant, other)
  expect(why('move', row('340705', { level: 2, parent: '3407' }))).toBeNull()
  expect(why('move', row('340722', { level: 2, parent: '3407' }))).toBe('stands_there')
  expect(why('move', row('340722109'))).toBe('too_low')
  expect(why('move', row('340705', { level: 2, state: 'suspended' }))).toBe('closed')
  expect(why('move', town)).toBe('itself')
  expect(why('merge', row('340722109'))).toBeNull()
  expect(why('merge', row('340722107200', { level: 4, parent: '340722107' }))).toBe('below_itself')
  expect(why('move', row('340722109'), { ...town, category: 'school', level: 5 })).toBeNull()
  expect([barredFrom('split', row('340722107', { children: 0 })), barredFrom('move', row('340722107', { children: 0 }))]).toEqual(['childless', null])
})

it('sends what the change takes, and nothing that was typed for another one', () => {
  const typed: Typed = { op: 'move', tenant: town, parent: row('340705', { level: 2 }), level: '', code: ' 340705107 ', name: '新镇', children: [7] }
  expect(wishOf(typed)).toEqual({ op: 'move', tenant_id: 340722107, parent_id: 340705, code: '340705107' })
  expect(wishOf({ ...typed, op: 'dissolve' })).toEqual({ op: 'dissolve', tenant_id: 340722107 })
  expect(wishOf({ ...typed, op: 'merge', parent: null })).toBeNull()
  expect(wishOf({ ...typed, op: 'split' })).toEqual({ op: 'split', tenant_id: 340722107, code: '340705107', name: '新镇', children: [7] })
  expect(wishOf({ ...typed, op: 'relevel', level: '4' })).toEqual({ op: 'relevel', tenant_id: 340722107, level: 4, code: '340705107' })
})

it('tells a plan by section, leaves out what is nothing, and finds where two differ', () => {
  const sections = sectionsOf(plan)
  expect(sections.map(({ key }) => key)).toEqual(['places', 'absorbed', 'mend', 'redirects', 'shown', 'plugins', 'absorbed_rows', 'rows'])
  expect(sections.find(({ key }) => key === 'mend')?.lines[0]?.code).toBe('340722107200')
  expect(sections.find(({ key }) => key === 'absorbed_rows')?.lines).toHaveLength(1)
  expect(sections.find(({ key }) => key === 'redirects')?.lines[1]?.text).toBe('340722109 的旧链接原来转到丙镇（340722111），以后打开这里')
  expect(sections.find(({ key }) => key === 'shown')?.lines[0]?.text).toBe('跟着走的 4 条，甲县（居民）还看得到')
  expect([...differing(sections, sectionsOf({ ...plan, plugins: [] }))]).toEqual(['plugins'])
  expect(differing(sections, sectionsOf({ ...plan, fingerprint: 'g' })).size).toBe(0)
})

it('names what contradicts, and the first of how many rows', () => {
  const rows = [{ table: 'file', rows: 5, titles: ['甲', '乙'] }, { table: 'boundary', rows: 1, titles: [] }]
  expect(contradicted({ why: 'rows', name: '新镇', code: '340722901', rows })).toBe('拆分出来的新镇（340722901）已经有自己的内容：文件 5 条（甲、乙等）；边界 1 条。')
})

it('names what undoing leaves, settings as they are called', () => {
  const rows = [{ table: 'setting_value', rows: 1, titles: ['tenancy.portal_notice'] }]
  expect(leftSaid({ why: 'closed', name: '新镇', code: '340722901', rows })).toBe('跟新镇（340722901）一起封存：设置 1 条（门户公告）。')
  expect(leftSaid({ why: 'elsewhere', name: '旧镇', code: null, rows: [{ table: 'file', rows: 3, titles: ['甲'] }] })).toBe('现在已经归旧镇的，留在那里：文件 3 条（甲等）。')
})

it('writes a file that a spreadsheet reads as text', () => {
  const file = asCsv([{ key: 'rows', lines: [{ text: '=1+1' }, { text: '甲"乙' }] }])
  expect(file.startsWith('\uFEFF')).toBe(true)
  expect(file).toContain(`"'=1+1"`)
  expect(file).toContain('"甲""乙"')
  expect(file.trimEnd().split('\r\n')).toHaveLength(2)
})

it('reads a plan backwards', () => {
  expect(backOf(plan)).toHaveLength(3)
  expect(backOf({ ...plan, op: 'split', absorbed: null, redirects: [] })).toHaveLength(2)
})

it('knows what is left of the way back, and which days there are', () => {
  const now = Date.parse('2026-11-23T00:00:00Z')
  expect(stateOf({ state: 'applied', expires_at: '2026-12-01T00:00:00Z' }, now)).toBe('open')
  expect(stateOf({ state: 'applied', expires_at: '2026-11-01T00:00:00Z' }, now)).toBe('over')
  expect(stateOf({ state: 'undone', expires_at: '2026-12-01T00:00:00Z' }, now)).toBe('undone')
  expect([dayOf('2026-07-01'), dayOf('2026-13-01'), dayOf('heute'), dayOf(undefined)]).toEqual(['2026-07-01', null, null, null])
})
