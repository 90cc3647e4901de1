import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { mountInPlugin } from '@wuji/testing'
import texts from '../../locales/zh-CN.json'
import { type ManagedTip } from '../tips'
import TipsConsole from './TipsConsole.vue'

const place = { code: '340722106200', name: '黄山村', level: 4 as const }
const street = { code: '340722106', name: '横埠镇', level: 3 as const }
const tip: ManagedTip = {
  id: 't1', version: 4, state: 'in_review', replaces_id: null, revision_id: null, title: '先看田边', summary: '扒开稻丛。', title_en: '', summary_en: '', subject: 'rice', months: [7], terms: [], locality: '',
  body: '<p>正文</p>', html: '<p>正文</p>', media: [], tenant: place, reach: street, audience: 'public', author: '章立新', own: false, submitted_at: '2026-07-20T00:00:00Z', due_on: null, reviewer: null, reviewed_by: null,
  reviewed_at: null, reason: '', published_at: null, withdrawn_at: null, updated_at: '2026-07-20T00:00:00Z', reads: 0, helpful: 0, checks: [], may: ['publish', 'return'],
}
const row = { ...tip, tenant: place.code, tenant_name: place.name, tenant_level: 4, waiting_since: tip.updated_at }
const total = (value: number) => ({ value, capped: false })
const sent: { path: string; body: unknown; ifMatch: string | null }[] = []
let answers: Record<string, () => unknown> = {}

async function answer(request: Request): Promise<Response> {
  const path = new URL(request.url).pathname.split('/agri_tips/')[1] ?? ''
  if (request.method === 'POST') sent.push({ path, body: await request.json(), ifMatch: request.headers.get('If-Match') })
  const body = answers[path]?.()
  return new Response(JSON.stringify(body ?? { title: '没有找到', status: 404 }), { status: body === undefined ? 404 : 200, headers: { 'Content-Type': 'application/json' } })
}
beforeEach(() => {
  sent.length = 0
  answers = {
    subjects: () => ({ subjects: [{ id: 'rice', zh: '水稻', en: 'Rice', kind: 'crop', aliases: [] }], limits: {} }),
    'solar-terms': () => ({ year: 2026, terms: [], today: '2026-07-23', months: [7] }),
    'managed-tips': () => ({ items: [row], next: null, total: total(1) }),
    'managed-tips/states': () => ({ to_review: total(1), in_review: total(1), published: total(3), returned: total(0), draft: total(2), withdrawn: total(0) }),
    'managed-tips/t1': () => tip,
    'managed-tips/t1/audiences': () => ({ audiences: [{ tenant: street, tenants: 89, may: true }, { tenant: place, tenants: 4, may: true }] }),
    'managed-tips/t1/review': () => ({ ...tip, state: 'published' }),
  }
  vi.stubGlobal('fetch', answer)
})
afterEach(() => vi.unstubAllGlobals())

async function open(path: string, permissions: string[]) {
  const page = await mountInPlugin(TipsConsole, { id: 'agri_tips', texts, path, permissions, code: street.code })
  await flushPromises()
  return page
}
const dialog = (): HTMLElement | null => document.querySelector('[role="dialog"]')

it('lists what waits, and offers to decide only beside what is read', async () => {
  const page = await open('', ['agri_tips.tip.review'])
  expect(page.findAll('.w-tabs a').map((tab) => tab.text())).toEqual(['待审核1', '已发布3', '已退回0', '草稿2', '已撤下0'])
  expect(page.get('.w-tabs [aria-current]').text()).toContain('待审核')
  expect(page.text()).not.toContain('通过并发布')
  expect(page.get('tbody a').attributes('href')).toContain('open=t1')
  page.unmount()
})

it('publishes the version that was read, to whom the authors wished', async () => {
  const page = await open('?open=t1', ['agri_tips.tip.review'])
  expect(page.get('.at-text').text()).toBe('正文')
  await page.get('.w-review .w-btn[data-kind="primary"]').trigger('click')
  await flushPromises()
  expect(dialog()?.textContent).toContain('发布以后，横埠镇和下级 88 个单位的所有人都看得到，不用登录。')
  dialog()?.querySelector('form')?.dispatchEvent(new Event('submit', { cancelable: true }))
  await vi.waitFor(() => expect(sent).toEqual([{ path: 'managed-tips/t1/review', body: { decision: 'publish', reach: street.code, audience: 'public' }, ifMatch: '"4"' }]))
  await flushPromises()
  page.unmount()
})

it('shows what the server allows now and nothing else', async () => {
  answers['managed-tips/t1'] = () => ({ ...tip, state: 'returned', reason: '缺时间', reviewed_at: tip.updated_at, may: ['edit', 'delete'] })
  const page = await open('?tab=returned&open=t1', [])
  expect(page.findAll('.w-review .w-btn').map((button) => button.text())).toEqual(['接着写', '删掉草稿'])
  expect(page.get('.w-journal').text()).toContain('缺时间')
  page.unmount()
})
