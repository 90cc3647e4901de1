import { mount } from '@vue/test-utils'
import { beforeAll, expect, it, vi } from 'vitest'
import WCombobox from '../combobox/WCombobox.vue'
import WSearchBox from './WSearchBox.vue'

const groups = [
  { label: '组织', items: [{ value: '1', label: '会宫镇', level: 3 as const }, { value: '2', label: '横港镇', level: 3 as const }] },
  { items: [{ value: '3', label: '高温补贴', icon: 'search' as const }] },
]
const open = () => {
  const box = mount(WSearchBox, { attachTo: document.body, props: { label: '搜索', groups, modelValue: 'hg', button: true } })
  return { box, input: box.get('input') }
}

beforeAll(async () => {
  const { box, input } = open()
  await input.trigger('input')
  await vi.waitUntil(() => box.find('[role="listbox"]').exists()) // it is fetched once
  box.unmount()
})

it('shows suggestions as a list tied to the box', async () => {
  const { box, input } = open()
  expect(input.attributes('aria-expanded')).toBe('false')
  await input.trigger('input')
  expect(input.attributes('aria-expanded')).toBe('true')
  expect(box.get('[role="listbox"]').attributes('id')).toBe(input.attributes('aria-controls'))
  expect(box.findAll('[role="option"]')).toHaveLength(3)
})

it('moves through all groups by arrows, around both ends, and picks by Enter', async () => {
  const { box, input } = open()
  await input.trigger('keydown', { key: 'ArrowDown' })
  await input.trigger('keydown', { key: 'ArrowUp' })
  const active = () => box.find('[aria-selected="true"]')
  expect(active().text()).toContain('高温补贴')
  expect(input.attributes('aria-activedescendant')).toBe(active().attributes('id'))
  await input.trigger('keydown', { key: 'ArrowDown' })
  expect(active().text()).toContain('会宫镇')
  await input.trigger('keydown', { key: 'Enter' })
  expect(box.emitted('pick')).toEqual([[groups[0]?.items[0]]])
  expect(box.find('[role="listbox"]').exists()).toBe(false)
})

it('searches for the typed text by Enter, and Esc only closes the list', async () => {
  const { box, input } = open()
  await input.trigger('input')
  await input.trigger('keydown', { key: 'Escape' })
  expect(box.find('[role="listbox"]').exists()).toBe(false)
  await box.get('form').trigger('submit')
  expect(box.emitted('search')).toEqual([['hg']])
  expect(box.emitted('pick')).toBeUndefined()
})

it('leaves the keys to an input method that is composing', async () => {
  const { box, input } = open()
  await input.trigger('input')
  await input.trigger('keydown', { key: 'ArrowDown' })
  await input.trigger('keydown', { key: 'Enter', isComposing: true })
  expect(box.emitted('pick')).toBeUndefined()
})

it('keeps in a combobox only what was chosen', async () => {
  const chosen = { value: '1', label: '会宫镇' }
  const combo = mount(WCombobox, { attachTo: document.body, props: { label: '上级', groups, modelValue: chosen } })
  const input = combo.get('input')
  await input.setValue('横')
  expect(combo.emitted('query')).toEqual([['横']])
  await input.trigger('blur')
  expect((input.element as HTMLInputElement).value).toBe('会宫镇')
  await combo.setProps({ groups: [] })
  await input.setValue('无此地')
  expect(combo.get('[role="status"]').text()).toContain('无此地')
  await input.setValue('')
  await input.trigger('blur')
  expect(combo.emitted('update:modelValue')).toEqual([[null]])
})
