import { VueQueryPlugin } from '@tanstack/vue-query'
import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, expect, it, vi } from 'vitest'
import { createQueryClient } from '@/shared/api/query'
import type { PluginUi } from './contributions'
import PluginCards from './PluginCards.vue'
import { menusOf } from './menus'
import { findPage, restOf } from './pages'

const page = (path: string) => ({ path, component: path, title: '', permission: null })
const pages = ['', 'tips', 'tips/new', 'tips/:tip', '/slashed/'].map(page)

afterEach(() => vi.unstubAllGlobals())

it('takes the page that says more, and reads the parts of its address', () => {
  const plugin = { pages: pages.slice(0, 3) } as PluginUi
  const other = { pages: pages.slice(3) } as PluginUi
  const found = (path: string) => findPage([plugin, other], path)
  expect(found('')?.page.path).toBe('')
  expect(found('/tips/new')?.page.path).toBe('tips/new')
  expect(found('/tips/12')).toEqual({ plugin: other, page: page('tips/:tip'), params: { tip: '12' } })
  expect(found('/tips/a%2Fb')?.params).toEqual({ tip: 'a/b' })
  expect(found('/slashed')?.page.path).toBe('/slashed/')
  expect(found('/tips/12/more')).toBeNull()
})

it('reads what an address says below the plugin', () => {
  expect(restOf('/console/3407/x/probe/tips/1', '/console/3407/x/probe')).toBe('/tips/1')
  expect(restOf('/elsewhere', '/console/3407/x/probe')).toBe('')
})

it('leads to plugins from the navigation', () => {
  const menu = { group: 'modules', label: '农话', icon: 'sprout', path: 'tips', order: 3 }
  const plugin = { id: 'a', menus: [menu, { ...menu, icon: 'no-such-icon', path: '' }] } as unknown as PluginUi
  const found = (surface: 'portal' | 'console') => menusOf([plugin], surface, '3407').map(({ to, icon, label }) => [to, icon, label])
  expect(found('portal')[0]).toEqual(['/3407/x/a/tips', 'sprout', '农话'])
  expect(found('console').map(([to, icon]) => [to, icon])).toEqual([['/console/3407/x/a/tips', 'sprout'], ['/console/3407/x/a', 'blocks']])
})

async function cards(body: unknown, place: 'main' | 'side') {
  vi.stubGlobal('fetch', () => Promise.resolve(new Response(JSON.stringify(body), { headers: { 'Content-Type': 'application/json' } })))
  const plugins = [[VueQueryPlugin, { queryClient: createQueryClient(() => undefined) }]]
  const shown = mount(PluginCards, { props: { surface: 'portal', code: '3407', place }, global: { plugins: plugins as never } })
  await flushPromises()
  return shown
}

const card = { plugin: 'a', name: 'now', place: 'main', title: '本月农话', text: '', note: '小暑', rows: [], empty: '还没有。', more: '写一篇', path: 'new', order: 2 }
const row = { title: '看稻飞虱', text: '会宫镇', note: '07-23', path: 'tips/1', icon: 'sprout', lang: 'zh-CN' }

it('shows the cards of a place in order, their rows as links', async () => {
  const shown = await cards({ items: [card, { ...card, name: 'first', title: '先看', order: 1, rows: [row, { ...row, path: null, icon: null }] }, { ...card, place: 'side', title: '旁边' }], failed: [] }, 'main')
  expect(shown.findAll('h2').map((head) => head.text())).toEqual(['先看', '本月农话'])
  expect(shown.findAll('a').map((link) => link.attributes('href'))).toEqual(['/3407/x/a/new', '/3407/x/a/tips/1', '/3407/x/a/new'])
  expect(shown.text()).toContain('还没有。')
  expect(shown.find('.w-note').exists()).toBe(false)
})

it('says once that a card did not come, and shows the others', async () => {
  const body = { items: [card], failed: ['b'] }
  expect((await cards(body, 'main')).get('.w-note').text()).toContain('没有读出来')
  expect((await cards(body, 'side')).find('.w-note').exists()).toBe(false)
})
