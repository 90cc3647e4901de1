import { defineComponent, h } from 'vue'
import { flushPromises, mount } from '@vue/test-utils'
import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { afterEach, expect, it, vi } from 'vitest'
import { askProof, canAskProof } from '@/shared/session/proof'
import StepUp from './StepUp.vue'

const sent: { path: string; body: unknown }[] = []
let refused: object | null = null
vi.stubGlobal('fetch', async (request: Request) => {
  sent.push({ path: new URL(request.url).pathname, body: JSON.parse((await request.text()) || 'null') as unknown })
  if (request.method === 'GET') return Response.json({ items: [{ id: 'a', kind: 'totp', name: 'x', confirmed_at: '2026-01-01T00:00:00Z', used_at: null }], recovery_left: 3, passkeys: true })
  if (refused) return Response.json(refused, { status: 422, headers: { 'Content-Type': 'application/problem+json' } })
  return new Response(null, { status: 204 })
})

function show() {
  sent.length = 0
  refused = null
  const made = mount(defineComponent({ setup: canAskProof, render: () => h(StepUp) }), { attachTo: document.body, global: { plugins: [[VueQueryPlugin, { queryClient: new QueryClient() }]] } })
  return made
}
const dialog = (): HTMLElement => document.querySelector<HTMLElement>('[role=dialog]') ?? document.body
function type(text: string): void {
  const field = dialog().querySelector('input') ?? document.createElement('input')
  field.value = text
  field.dispatchEvent(new Event('input'))
}
async function press(): Promise<void> {
  dialog().querySelector('form')?.dispatchEvent(new Event('submit', { cancelable: true }))
  await flushPromises()
}
let made: ReturnType<typeof show>
afterEach(() => made.unmount())

it('asks for the password, says what is wrong with it, and goes on', async () => {
  made = show()
  const asked = askProof('password', { isWish: true })
  await flushPromises()
  refused = { type: 'urn:wuji:problem:kit.invalid', title: 'x', status: 422, errors: [{ pointer: '#/password', message: '现在的密码不对。' }] }
  type('wrong')
  await press()
  expect(dialog().textContent).toContain('现在的密码不对。')
  refused = null
  type('right')
  await press()
  await expect(asked).resolves.toBe(true)
  expect(sent.map(({ path }) => path)).toEqual(['/api/v1/session/step-up/password', '/api/v1/session/step-up/password'])
  expect(sent[1]?.body).toEqual({ password: 'right' })
})

it('asks for a code of whoever has a second step', async () => {
  made = show()
  const asked = askProof('factor', { isWish: true })
  await flushPromises()
  type('123 456')
  await press()
  await expect(asked).resolves.toBe(true)
  expect(sent.at(-1)).toEqual({ path: '/api/v1/session/step-up', body: { kind: 'totp', code: '123 456' } })
})

it('leads to where a second step is set up', async () => {
  made = show()
  const assign = vi.fn()
  vi.stubGlobal('location', { assign, origin: 'http://localhost:3000' })
  void askProof('set_up', { isWish: true })
  await flushPromises()
  expect(dialog().querySelector('input')).toBeNull()
  await press()
  expect(assign).toHaveBeenCalledWith('/me')
})
