// Completions in groups, hits in the console, the results of one question.
import { VueQueryPlugin } from '@tanstack/vue-query'
import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, expect, it, vi } from 'vitest'
import type { PluginUi } from '@/host/contributions'
import { createQueryClient } from '@/shared/api/query'
import type { Completion, Found, Hit } from '@/shared/search/answers'
import { linkIn } from './console/links'
import SearchResults from './SearchResults.vue'
import { suggestionsOf } from './suggestions'

const city = { code: '3407', name: '铜陵市', level: 1 as const }
const town = { code: '340722106', name: '横埠镇', level: 3 as const, ancestors: [city, { code: '340722', name: '枞阳县', level: 2 as const }] }
const base = { kind_label: '农话', icon: 'sprout', lang: 'zh-CN', score: 1, tenant: town }
const tip: Hit = { ...base, kind: 'agri_tips.tip', id: '7', url: '/340722106/x/agri_tips/tips/7', title: '水稻<i>', highlight: { title: '<mark>水稻</mark>&lt;i&gt;', text: '看<mark>水稻</mark>' }, published_at: '2026-07-20T00:00:00Z' }
const place: Hit = { ...base, kind: 'tenant', kind_label: '组织', icon: 'nothing-like-it', id: '3', url: '/340722106', title: '横埠镇', highlight: { title: '横埠镇', text: '铜陵市' }, published_at: null }
const value = (name: string, label: string, count: number) => ({ value: name, label, count, since: null, until: null })
const found = (over: Partial<Found> = {}): Found => ({
  items: [tip, place], next: 'more', total: { value: 25, capped: false }, relaxed: false, expanded: [{ word: '纹枯病', also: ['烂脚瘟', '花脚秆'] }],
  facets: [{ name: 'kind', label: '类型', values: [value('agri_tips.tip', '农话', 24), value('tenant', '组织', 1)] }, { name: 'level', label: '层级', values: [value('3', '街镇', 25)] }], ...over,
})
interface Completions { items: Completion[] }
let asked: string[] = []
let answers: (Found | Completions | number)[] = []

function answer(input: Request): Promise<Response> {
  asked.push(decodeURIComponent(new URL(input.url).search))
  const now = answers.shift() ?? 500
  const [body, status] = typeof now === 'number' ? [{ type: 'x', title: '不行', detail: '没有这种内容。' }, now] : [now, 200]
  return Promise.resolve(new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } }))
}
afterEach(() => vi.unstubAllGlobals())

async function open(question: object, ...given: (Found | Completions | number)[]) {
  asked = []
  answers = given
  vi.stubGlobal('fetch', vi.fn(answer))
  const plugins = [[VueQueryPlugin, { queryClient: createQueryClient(() => undefined) }]]
  const props = { code: '340722106', question: { q: '水稻', facet: [], ...question }, linkOf: ({ url }: Pick<Hit, 'url'>) => ({ to: url }), heading: 'h1' as const }
  const shown = mount(SearchResults, { props, global: { plugins: plugins as never }, attachTo: document.body })
  await flushPromises()
  return shown
}

it('shows hits with their marks as text, never as markup', async () => {
  const shown = await open({}, found())
  expect(shown.get('h1').text()).toBe('找到 25 条')
  expect(shown.findAll('.s-hit h2').map((title) => title.text())).toEqual(['水稻<i>', '横埠镇'])
  expect(shown.findAll('mark').map((mark) => mark.text())).toEqual(['水稻', '水稻'])
  expect(shown.find('.s-hit i').exists()).toBe(false)
  expect(shown.text()).toContain('也包括“烂脚瘟”“花脚秆”的内容')
  expect(asked[0]).toContain('q=水稻')
})

it('offers what reads like a question that finds nothing, and no facets', async () => {
  const completion = { ...base, kind: 'agri_tips.tip', id: '7', text: '早稻育秧', url: tip.url }
  const shown = await open({ q: 'zaodao' }, found({ items: [], facets: [], next: null, total: { value: 0, capped: false }, expanded: [] }), { items: [completion] })
  expect(shown.get('.s-like h2').text()).toBe('读音像“zaodao”的')
  expect(shown.get('.s-like a').text()).toBe('早稻育秧')
  expect(shown.text()).not.toContain('筛选')
})

it('asks for more behind what is shown', async () => {
  const shown = await open({}, found(), found({ items: [{ ...tip, id: '8' }], next: null }))
  expect(shown.get('.s-more').text()).toBe('再看 20 条')
  await shown.get('.s-more button').trigger('click')
  await flushPromises()
  expect(asked[1]).toContain('cursor=more')
  expect(shown.findAll('.s-hit')).toHaveLength(3)
  expect(shown.find('.s-more').exists()).toBe(false)
})

it('narrows by facets, and takes what narrows away again', async () => {
  const shown = await open({ kind: 'agri_tips.tip', level: '5' }, found({ total: { value: 1000, capped: true } }))
  expect(shown.get('h1').text()).toBe('找到 1,000+ 条')
  expect(asked[0]).toContain('kind=agri_tips.tip')
  await shown.get('aside input').trigger('change')
  expect(shown.emitted('ask')?.[0]).toEqual([{ q: '水稻', facet: [], level: '5' }])
  expect(shown.findAll('.s-by .w-chip').map((chip) => chip.text())).toEqual(['农话', '网格级'])
  await shown.get('.s-by .w-link').trigger('click')
  expect(shown.emitted('ask')?.[1]).toEqual([{ q: '水稻', facet: [] }])
})

it('says what went wrong, and what to do where nothing was found', async () => {
  expect((await open({ kind: 'x' }, 422)).get('[role="alert"]').text()).toContain('没有这种内容。')
  const none = await open({ kind: 'tenant' }, found({ items: [], next: null, total: { value: 0, capped: false }, facets: [] }))
  expect(none.get('.w-state').text()).toContain('没有找到“水稻”')
  expect(none.get('.w-state button').text()).toBe('清除筛选')
})

it('lists completions by kind, each with where it lies', () => {
  const one = (hit: Hit, text: string): Completion => ({ ...hit, text })
  const groups = suggestionsOf([one(place, '横埠镇'), one(tip, '水稻纹枯病'), one({ ...place, id: '4', url: '/4' }, '横港')])
  expect(groups.map(({ label, items }) => [label, items.map((item) => item.label)])).toEqual([['组织', ['横埠镇', '横港']], ['农话', ['水稻纹枯病']]])
  expect(groups[0]?.items[0]).toEqual({ value: '/340722106', label: '横埠镇', meta: '枞阳县', level: 3 })
  expect(groups[1]?.items[0]).toMatchObject({ icon: 'sprout', meta: '横埠镇' })
})

it('opens in the console what has a page there, and leaves the rest to the portal', () => {
  const page = { path: 'tips/:tip', component: 'TipPage', title: 't', permission: null }
  const plugins = [{ id: 'agri_tips', pages: [page] }] as unknown as PluginUi[]
  expect(linkIn('340722106', plugins, tip)).toEqual({ to: '/console/340722106/x/agri_tips/tips/7' })
  expect(linkIn('340722106', [], tip)).toEqual({ href: tip.url })
  expect(linkIn('3407', plugins, tip)).toEqual({ href: tip.url })
  expect(linkIn('340722', [], place)).toEqual({ to: '/console/340722/tree/340722106' })
  expect(linkIn('340722106', [], place)).toEqual({ to: '/console/340722106/tree' })
  expect(linkIn('340711', [], place)).toEqual({ href: '/340722106' })
})
