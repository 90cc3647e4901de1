import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { mountInPlugin } from '@wuji/testing'
import texts from '../../locales/zh-CN.json'
import { fullest, type StationLine, type StationPage } from './public'
import StationNow from './StationNow.vue'
import StationsNear from './StationsNear.vue'

const line: StationLine = {
  id: 's1', name: '莲花湖驿站', kind: 'courier', address: '湖滨路 1 号', longitude: null, latitude: null, phone: '0562-1234567', services: ['rest', 'water'], capacity: 80, open_now: true, opens_at: null, closes_at: new Date(2026, 6, 23, 21).toISOString(), level: 3, present: null,
  tenant: '340722001', tenant_name: '莲花湖社区', tenant_level: 4,
}
const hours = [{ hour: 8, level: 1 }, { hour: 9, level: 5 }, { hour: 10, level: 5 }, { hour: 11, level: null }]
const page: StationPage = { ...line, hours: { mon: [['08:00', '21:00']] }, closed_on: [{ on: '2026-12-31', reason: '年终盘点' }], closed_reason: '', words: '有点挤', tenant: { code: '340722001', name: '莲花湖社区', level: 4 }, typical: [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, hours })), best: '周一 8 点人少。' }
let answers: Record<string, unknown> = {}
const asked: string[] = []
function answer(request: Request): Promise<Response> {
  const url = new URL(request.url)
  const path = url.pathname.split('/station_watch/')[1] ?? ''
  asked.push(`${path}${url.search}`)
  const body = answers[path]
  return Promise.resolve(new Response(JSON.stringify(body ?? { title: '没有找到', status: 404 }), { status: body === undefined ? 404 : 200, headers: { 'Content-Type': 'application/json' } }))
}
beforeEach(() => {
  asked.length = 0
  answers = { 'public-stations': { items: [line, { ...line, id: 's2', name: '下枞阳驿站', open_now: false, level: null, phone: '' }], next: null, total: { value: 2, capped: false } }, 'public-stations/s1': page }
  vi.stubGlobal('fetch', answer)
})
afterEach(() => vi.unstubAllGlobals())
async function show(component: object, path: string, params: Record<string, string> = {}) {
  const shown = await mountInPlugin(component, { id: 'station_watch', texts, surface: 'portal', path, params })
  await flushPromises()
  return shown
}

it('lists the stations around with how busy the open ones are, in words and steps', async () => {
  const shown = await show(StationsNear, '')
  expect(asked.some((call) => call.startsWith('public-stations?') && call.includes('near=yes'))).toBe(true)
  const [open, shut] = shown.findAll('.sw-row')
  expect(open?.text()).toContain('有点挤')
  expect(open?.text()).toMatch(/21:00/)
  expect(open?.findAll('.sw-steps .sw-fill')).toHaveLength(3)
  expect(open?.get('a[href^="tel:"]').attributes('href')).toBe('tel:0562-1234567')
  expect(shut?.text()).toContain('没开')
  expect(shut?.find('.sw-busy, a[href^="tel:"]').exists()).toBe(false)
  shown.unmount()
})

it('says when a usual day is full, for the weekday that is chosen', async () => {
  const shown = await show(StationNow, 'stations/s1', { id: 's1' })
  expect(shown.get('h1').text()).toBe('莲花湖驿站')
  await shown.findAll('.sw-days button')[1]?.trigger('click')
  expect(shown.get('.sw-typical [role="status"]').text()).toBe('周二：9–11 点人最多。')
  expect(shown.text()).toContain('年终盘点')
  expect(shown.text()).not.toMatch(/\d+ 人/)
  shown.unmount()
})

it('says of a station that is gone where to go on', async () => {
  const shown = await show(StationNow, 'stations/s9', { id: 's9' })
  expect(shown.get('h1').text()).toBe('没有找到这个驿站')
  shown.unmount()
})

it('finds no rush where nothing is ever full', () => {
  expect(fullest([{ hour: 8, level: 1 }, { hour: 9, level: null }])).toEqual([])
  expect(fullest([{ hour: 8, level: 3 }, { hour: 9, level: 1 }, { hour: 10, level: 3 }])).toEqual([{ from: 8, until: 9 }, { from: 10, until: 11 }])
})
