// What plugins bring, and what becomes of the page when they bring something broken.
import { VueQueryPlugin } from '@tanstack/vue-query'
import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { router } from '@/kit/testing/router'
import { createQueryClient } from '@/shared/api/query'
import { setLocale, t } from '@/shared/i18n/i18n'
import { html } from '@/sdk/html'
import { usePlugin, useTexts } from '@/sdk/plugin'
import type { PluginUi } from './contributions'
import PluginPage from './PluginPage.vue'
import PluginSlot from './PluginSlot.vue'
import type * as module from './module'
import { loadPart, PluginError } from './module'

vi.mock('./module', async (original) => ({ ...(await original<typeof module>()), loadPart: vi.fn() }))

const page = (path: string, component: string) => ({ path, component, title: '试一试', permission: null })
const probe: PluginUi = {
  id: 'probe', version: '1.0.0', sdk: '1', module: '/plugins/probe/1.0.0/index.js', styles: [],
  texts: { 'zh-CN': '/plugins/probe/1.0.0/locales/zh-CN.json', en: '/plugins/probe/1.0.0/locales/en.json' },
  pages: [page('', 'Home'), page('rows/:row', 'Row')],
  menus: [], slots: [{ name: 'me', component: 'Mine', order: 10, permission: null }, { name: 'other', component: 'Other', order: 5, permission: null }],
}
const texts = { title: '试一试', hello: { row: '第 {row} 行' }, 'dotted.key': '点' }
const answers: Record<string, unknown> = { '/ui': { items: [probe] }, '/zh-CN.json': texts }

function answer(input: Request | string): Promise<Response> {
  const url = new URL(typeof input === 'string' ? input : input.url, 'http://localhost')
  const key = Object.keys(answers).find((end) => url.pathname.endsWith(end))
  const body = key === undefined ? { type: 'about:blank', title: '没有', status: 404 } : answers[key]
  return Promise.resolve(new Response(JSON.stringify(body), { status: key === undefined ? 404 : 200, headers: { 'Content-Type': 'application/json' } }))
}

beforeEach(() => {
  vi.stubGlobal('fetch', vi.fn(answer))
  vi.spyOn(console, 'info').mockImplementation(() => undefined)
  vi.spyOn(console, 'warn').mockImplementation(() => undefined)
})
afterEach(() => vi.unstubAllGlobals())

async function open(path: string, permissions: readonly string[] = [], part: object = PluginPage, props: object = { plugin: 'probe', home: '/' }) {
  await router.push(path)
  const plugins = [[VueQueryPlugin, { queryClient: createQueryClient(() => undefined) }]]
  const all = { surface: 'console', code: '3407', may: (name: string) => permissions.includes(name), ...props }
  const shown = mount(part, { props: all as never, global: { plugins: plugins as never } })
  await flushPromises()
  return shown
}

const Row = {
  setup: () => {
    const { params, to, code } = usePlugin()
    const { t } = useTexts()
    return () => html`<p>${t('hello.row', { row: params.value['row'] })} ${t('dotted.key')} ${code.value} ${to('rows/2')}</p>`
  },
}

it('shows the page of the address, with its place, its parts and its words', async () => {
  vi.mocked(loadPart).mockResolvedValue(Row)
  const shown = await open('/console/3407/x/probe/rows/%E4%B8%80')
  expect(vi.mocked(loadPart).mock.calls.at(-1)?.slice(0, 2)).toEqual([probe, 'Row'])
  expect(shown.text()).toBe('第 一 行 点 3407 /console/3407/x/probe/rows/2')
  expect(document.title).toContain('试一试')
  expect(t('probe.title')).toBe('试一试')
})

it('finds nothing where the plugin has no such page, or is not active', async () => {
  vi.mocked(loadPart).mockResolvedValue({ render: () => '里面' })
  const says = async (path: string, plugin = 'probe') => (await open(path, [], PluginPage, { plugin, home: '/' })).text()
  expect(await says('/console/3407/x/probe/none')).toContain('没有找到这一页')
  expect(await says('/console/3407/x/absent', 'absent')).toContain('没有找到这一页')
  expect(await says('/console/3407/x/probe')).toBe('里面')
})

it.each([
  ['sdk', '另一个版本的平台'],
  ['absent', '没有这一页'],
  ['slow', '等了 15 秒'],
  ['broken', '出了错'],
] as const)('leaves a calm notice: %s', async (fault, words) => {
  vi.mocked(loadPart).mockRejectedValue(new PluginError(fault, 'x'))
  const shown = await open('/console/3407/x/probe')
  expect(shown.get('[role="alert"]').text()).toContain(words)
  expect(shown.find('button').exists()).toBe(fault !== 'sdk')
})

it('leaves a notice where its words do not come, and tries again when asked', async () => {
  vi.mocked(loadPart).mockResolvedValue(Row)
  const mute = { ...probe, id: 'mute', texts: { 'zh-CN': '/mute.json', en: '/mute.json' } }
  answers['/ui'] = { items: [mute] }
  const shown = await open('/console/3407/x/mute/rows/2', [], PluginPage, { plugin: 'mute', home: '/' })
  expect(shown.get('[role="alert"]').text()).toContain('出了错')
  answers['/mute.json'] = texts
  await shown.get('button').trigger('click')
  await flushPromises()
  expect(shown.text()).toContain('第 2 行')
  answers['/ui'] = { items: [probe] }
})

it('leaves a notice where a component throws before it stands, and tries again when asked', async () => {
  vi.mocked(loadPart).mockResolvedValue({ setup: () => { throw new Error('破了') } })
  const shown = await open('/console/3407/x/probe')
  expect(shown.get('[role="alert"]').text()).toContain('出了错')
  vi.mocked(loadPart).mockResolvedValue({ render: () => '好了' })
  await shown.get('button').trigger('click')
  await flushPromises()
  expect(shown.text()).toBe('好了')
})

it('keeps a page that stands when one of its steps throws', async () => {
  const Home = { setup: () => () => html`<button onClick=${() => { throw new Error('这一步') }}>做</button>` }
  vi.mocked(loadPart).mockResolvedValue(Home)
  const shown = await open('/console/3407/x/probe')
  await shown.get('button').trigger('click')
  expect(shown.text()).toBe('做')
  expect(console.info).toHaveBeenCalledOnce()
})

it('fills a named place', async () => {
  vi.mocked(loadPart).mockImplementation((_plugin, name) => Promise.resolve({ render: () => name }))
  const shown = await open('/me', [], PluginSlot, { name: 'me' })
  expect(shown.text()).toBe('Mine')
})

it('speaks the other language as soon as the reader does', async () => {
  answers['/en.json'] = { title: 'Probe', hello: { row: 'Row {row}' }, dotted: { key: 'dot' } }
  vi.mocked(loadPart).mockResolvedValue(Row)
  const shown = await open('/console/3407/x/probe/rows/2')
  await setLocale('en')
  await flushPromises()
  expect(shown.text()).toContain('Row 2 dot')
  await setLocale('zh-CN')
  await flushPromises()
  expect(shown.text()).toContain('第 2 行')
})
