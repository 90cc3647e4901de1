// A root's own role is called in the reader's language wherever it is said.
import { VueQueryPlugin } from '@tanstack/vue-query'
import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createQueryClient } from '@/shared/api/query'
import { setLocale } from '@/shared/i18n/i18n'
import VisibilityCard from '../tenancy/console/VisibilityCard.vue'
import PlacesPanel from './portal/PlacesPanel.vue'

const place = { code: '340722', name: '枞阳县', level: 2 }
const role = { role: 'inspector', label: '督查员', labels: { 'zh-CN': '督查员', en: 'Inspector' } }
const answers: Record<string, unknown> = {
  '/me': { account: { id: '1', login: 'a', name: '甲', locale: 'zh-CN' }, grants: [{ tenant: null, ...role, permissions: [], expires_at: null }] },
  '/visibility': { kind: 'tenant', id: '1', owner: place, ladder: [{ tenant: place, roles: [{ ...role, name: 'inspector', people: 1, names: ['甲'] }] }], audience: [], account: null },
}

beforeEach(() => {
  vi.stubGlobal('fetch', ({ url }: Request) => {
    const found = Object.entries(answers).find(([end]) => new URL(url).pathname.endsWith(end))
    return Promise.resolve(Response.json(found?.[1]))
  })
})
afterEach(async () => {
  vi.unstubAllGlobals()
  await setLocale('zh-CN')
})

const parts = [
  ['my page', PlacesPanel, {}],
  ['who can see this', VisibilityCard, { tenant: '340722', kind: 'tenant', id: '1' }],
] as const

it.each(parts)('%s', async (_name, part, props) => {
  const plugins = [[VueQueryPlugin, { queryClient: createQueryClient(() => undefined) }]]
  const shown = mount(part as never, { props: props as never, global: { plugins: plugins as never } })
  await flushPromises()
  expect(shown.text()).toContain('督查员')
  await setLocale('en')
  await flushPromises()
  expect(shown.text()).toContain('Inspector')
  expect(shown.text()).not.toContain('督查员')
})
