import { mount } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { nextTick } from 'vue'
import WToaster from './WToaster.vue'
import { useToasts } from './toasts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => {
  vi.runAllTimers()
  vi.useRealTimers()
})

async function show(undo?: () => void) {
  const toaster = mount(WToaster)
  useToasts().show('已退回', undo)
  await nextTick()
  return toaster
}

it('is announced, and goes after six seconds', async () => {
  const toaster = await show()
  expect(toaster.attributes('role')).toBe('status')
  expect(toaster.text()).toContain('已退回')
  vi.advanceTimersByTime(5999)
  await nextTick()
  expect(toaster.find('.w-toast').exists()).toBe(true)
  vi.advanceTimersByTime(1)
  await nextTick()
  expect(toaster.find('.w-toast').exists()).toBe(false)
})

it('stays while it is pointed at', async () => {
  const toaster = await show()
  await toaster.get('.w-toast').trigger('mouseenter')
  vi.advanceTimersByTime(60_000)
  await nextTick()
  expect(toaster.find('.w-toast').exists()).toBe(true)
  await toaster.get('.w-toast').trigger('mouseleave')
  vi.advanceTimersByTime(6000)
  await nextTick()
  expect(toaster.find('.w-toast').exists()).toBe(false)
})

it('takes back what was done, once', async () => {
  const undo = vi.fn()
  const toaster = await show(undo)
  await toaster.get('button').trigger('click')
  expect(undo).toHaveBeenCalledOnce()
  expect(toaster.find('.w-toast').exists()).toBe(false)
})
