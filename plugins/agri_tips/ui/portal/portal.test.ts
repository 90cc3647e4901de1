import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { mountInPlugin } from '@wuji/testing'
import texts from '../../locales/zh-CN.json'
import { type Tip } from '../tips'
import CropChoice from './CropChoice.vue'
import TipPage from './TipPage.vue'
import TipsPage from './TipsPage.vue'

const place = { code: '340722106', name: '会宫镇', level: 3 as const }
const tip: Tip = {
  id: 't1', title: '水稻纹枯病', summary: '扒开稻丛看基部。', title_en: 'Sheath blight', summary_en: 'Look at the base.', subject: 'rice', months: [7], terms: [14], locality: '',
  html: '<h2>怎么查</h2><p>上午看。</p>', media: [], tenant: place, reviewer: { ...place, code: '340722', name: '枞阳县', level: 2 }, published_at: '2026-07-20T00:00:00Z', helpful: 486, marked: false,
}
const row = { ...tip, tenant: place.code, tenant_name: place.name, tenant_level: 3, picture_id: null }
const subjects = [{ id: 'rice', zh: '水稻', en: 'Rice', kind: 'crop', aliases: [] }, { id: 'pig', zh: '生猪', en: 'Pigs', kind: 'animal', aliases: [] }]
const terms = [{ number: 13, zh: '小暑', en: 'Minor Heat', month: 7, on: '2026-07-07', current: false }, { number: 14, zh: '大暑', en: 'Major Heat', month: 7, on: '2026-07-23', current: true }]

const asked: string[] = []
let crops = ['rice']
let answers: Record<string, () => unknown> = {}
async function answer(request: Request): Promise<Response> {
  const url = new URL(request.url)
  const path = url.pathname.split('/agri_tips/')[1] ?? ''
  asked.push(`${request.method} ${path}${url.search}`)
  if (request.method === 'PUT') crops = ((await request.json()) as { crops: string[] }).crops
  const body = answers[path]?.()
  const status = body === undefined ? 404 : 200
  return new Response(JSON.stringify(body ?? { type: 'x', title: '没有找到', status }), { status, headers: { 'Content-Type': 'application/json', ETag: '"1"' } })
}
beforeEach(() => {
  asked.length = 0
  crops = ['rice']
  answers = {
    subjects: () => ({ subjects, limits: {} }),
    'solar-terms': () => ({ year: 2026, terms, today: '2026-07-23', months: [7] }),
    tips: () => ({ items: [row], next: null, total: { value: 1, capped: false } }),
    'tips/t1': () => tip,
    'tips/t1/reads': () => ({}),
    crops: () => ({ crops }),
  }
  vi.stubGlobal('fetch', answer)
})
afterEach(() => vi.unstubAllGlobals())

async function show(component: object, path: string, params: Record<string, string> = {}) {
  const page = await mountInPlugin(component, { id: 'agri_tips', texts, surface: 'portal', path, params })
  await flushPromises()
  return page
}

it('lists the tips of this month, or of the month of the address', async () => {
  const page = await show(TipsPage, '')
  expect(page.get('h1').text()).toBe('7月农话')
  expect(page.get('.p-tip').text()).toContain('486 人觉得有用')
  expect(page.findAll('.at-month').map((month) => month.attributes('aria-current'))[6]).toBe('page')
  expect(page.get('[data-now] .song').text()).toBe('大暑')
  page.unmount()
  const other = await show(TipsPage, 'months/8', { month: '8' })
  expect(asked.some((call) => call.includes('tips?month=8'))).toBe(true)
  other.unmount()
  const none = await show(TipsPage, 'months/13', { month: '13' })
  expect(none.text()).toContain('没有找到这一页')
})

it('asks for as many months as the HTML of this month shows, and for one alone at its address', async () => {
  answers['solar-terms'] = () => ({ year: 2026, terms, today: '2026-11-22', months: [11, 12, 1] })
  const now = await show(TipsPage, '')
  const calls = (): string[] => asked.filter((call) => call.startsWith('GET tips'))
  expect(calls().pop()).toContain('tips?month=11&ahead=2')
  now.unmount()
  const other = await show(TipsPage, 'months/12', { month: '12' })
  expect(calls().pop()).toMatch(/tips\?month=12(?!.*ahead)/)
  other.unmount()
})

it('says that a month has none, and that a list did not load', async () => {
  answers['tips'] = () => ({ items: [], next: null, total: { value: 0, capped: false } })
  const empty = await show(TipsPage, 'months/2', { month: '2' })
  expect(empty.text()).toContain('2月还没有农话')
  empty.unmount()
  delete answers['tips']
  const failed = await show(TipsPage, 'months/3', { month: '3' })
  expect(failed.get('[role="alert"]').text()).toContain('没有读出来')
})

it('shows a tip whole and tells once that it was read', async () => {
  const page = await show(TipPage, 'tips/t1', { id: 't1' })
  expect(page.get('h1').text()).toBe('水稻纹枯病')
  expect(page.get('.p-key').text()).toContain('扒开稻丛看基部。')
  expect(page.get('.p-src').text().replace(/\s+/g, '')).toContain('会宫镇写，枞阳县审，2026年7月20日发布。')
  expect(page.get('.at-text h2').text()).toBe('怎么查')
  page.unmount()
  await show(TipPage, 'tips/t1', { id: 't1' })
  expect(asked.filter((call) => call === 'POST tips/t1/reads')).toHaveLength(1)
})

it('offers the login to whoever finds a tip useful without one', async () => {
  const page = await show(TipPage, 'tips/t1', { id: 't1' })
  await page.get('.p-help button').trigger('click')
  expect(page.get('.at-login a').attributes('href')).toContain('/login?next=')
  expect(asked.some((call) => call.includes('helpful'))).toBe(false)
})

it('says of a tip that is gone where to go on', async () => {
  const page = await show(TipPage, 'tips/t2', { id: 't2' })
  expect(page.get('h1').text()).toBe('没有找到这一篇')
  expect(page.get('a').attributes('href')).toBe('/340722/x/agri_tips')
})

it('saves a chosen animal at once, on what is there now', async () => {
  const page = await show(CropChoice, '')
  const chip = page.findAll('.w-chip').find((one) => one.text() === '生猪')
  expect(chip?.attributes('aria-pressed')).toBe('false')
  crops = ['rice', 'bee']
  await chip?.trigger('click')
  await flushPromises()
  await vi.waitFor(() => expect(crops).toEqual(['rice', 'bee', 'pig']))
})
