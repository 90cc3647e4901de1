import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { flushPromises, mount } from '@vue/test-utils'
import { expect, it, vi } from 'vitest'
import { defineComponent } from 'vue'
import { Problem } from '@/shared/api/problem'
import { useForm } from './form'

const refused = (...pointers: string[]): Problem =>
  new Problem({ type: 'about:blank', title: '要改', status: 422, errors: pointers.map((pointer) => ({ pointer, message: `改${pointer}` })) })

function open(send: () => Promise<string>, done = vi.fn()) {
  let form: ReturnType<typeof useForm<string>> | undefined
  const Page = defineComponent({
    setup: () => {
      form = useForm({ send, done, fields: ['name'] })
      return () => null
    },
  })
  mount(Page, { global: { plugins: [[VueQueryPlugin, { queryClient: new QueryClient() }]] } })
  if (!form) throw new Error('the form was not set up')
  return { form, done }
}

it('shows at the field what belongs to the field, and nothing above it', async () => {
  const { form } = open(() => Promise.reject(refused('#/name')))
  form.submit()
  await flushPromises()
  expect([form.errorOf('name'), form.rest.value]).toEqual(['改#/name', null])
})

it('shows above what no field shows', async () => {
  const problem = refused('#/name', '#/other')
  const { form } = open(() => Promise.reject(problem))
  form.submit()
  await flushPromises()
  expect(form.rest.value).toBe(problem)
})

it('is sent once while an answer is awaited, and hands over the answer', async () => {
  let answer: (result: string) => void = vi.fn()
  const send = vi.fn(() => new Promise<string>((resolve) => (answer = resolve)))
  const { form, done } = open(send)
  form.submit()
  await flushPromises()
  form.submit()
  expect([send.mock.calls.length, form.busy.value]).toEqual([1, true])
  answer('好')
  await flushPromises()
  expect(done).toHaveBeenCalledWith('好')
})

it('stands where the program itself fails, and where a login is asked for says nothing more', async () => {
  const fault = new Error('ours')
  const reported = vi.fn()
  vi.stubGlobal('reportError', reported)
  const { form } = open(() => Promise.reject(fault))
  form.submit()
  await flushPromises()
  expect(reported).toHaveBeenCalledWith(fault)
  expect(form.rest.value?.message).toBe('这一块没有读出来')
  const { form: later } = open(() => Promise.reject(new Problem({ type: 'urn:wuji:problem:kit.unauthenticated', title: '', status: 401 })))
  later.submit()
  await flushPromises()
  expect(later.rest.value).toBeNull()
})
