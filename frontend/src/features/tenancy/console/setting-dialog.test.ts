import { VueQueryPlugin } from '@tanstack/vue-query'
import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, expect, it, vi } from 'vitest'
import { computed, defineComponent, h } from 'vue'
import { createQueryClient } from '@/shared/api/query'
import { provideActing } from '@/shared/place/acting'
import SettingDialog from './SettingDialog.vue'
import type { Setting } from './settings'

const setting: Setting = { key: 'identity.session_idle_minutes', schema: { type: 'integer', minimum: 5, maximum: 480 }, choices: [], default: 30, value: 30, source: 'default', source_tenant: null, own_mode: null, own_value: null, may_change: true }
const Stand = defineComponent({
  setup: () => {
    const place = { code: '340722', name: '枞阳县', level: 2 as const }
    provideActing({ code: computed(() => place.code), surroundings: computed(() => ({ place, ancestors: [], below: [] })), isRoot: computed(() => false), permissions: computed(() => new Set<string>()), may: () => true })
    return () => h(SettingDialog, { setting })
  },
})
afterEach(() => vi.unstubAllGlobals())

const dialog = (): HTMLElement | null => document.querySelector('[role="dialog"]')
const input = (): HTMLInputElement | null | undefined => dialog()?.querySelector('input')
const answer = (status: number, body: object, version: number): Response =>
  new Response(JSON.stringify(body), { status, headers: { 'Content-Type': status < 400 ? 'application/json' : 'application/problem+json', ETag: `"${String(version)}"` } })

it('shows nothing to fill in before it has read what stands, and names that version when it saves', async () => {
  const reads: ((found: Response) => void)[] = []
  const saves: (string | null)[] = []
  vi.stubGlobal('fetch', (request: Request) => {
    if (request.method === 'GET') return new Promise<Response>((resolve) => reads.push(resolve))
    saves.push(request.headers.get('If-Match'))
    return Promise.resolve(answer(412, { type: 'urn:x', title: '已经被别人改过', status: 412 }, 0))
  })
  const page = mount(Stand, { attachTo: document.body, global: { plugins: [[VueQueryPlugin, { queryClient: createQueryClient(() => undefined) }]] } })
  await flushPromises()
  expect([dialog()?.querySelector('[aria-busy="true"]') !== null, input(), dialog()?.querySelector('form')]).toEqual([true, null, null])
  reads[0]?.(answer(200, { ...setting, value: 45, own_mode: 'set', own_value: 45, ladder: [], below: [] }, 7))
  await vi.waitFor(() => expect(input()?.value).toBe('45'))
  dialog()?.querySelector('form')?.dispatchEvent(new Event('submit', { cancelable: true }))
  await vi.waitFor(() => expect(dialog()?.textContent).toContain('已经被别人改过'))
  expect(saves).toEqual(['"7"'])
  expect(dialog()?.querySelector('.w-overtaken')).not.toBeNull()
  page.unmount()
})
