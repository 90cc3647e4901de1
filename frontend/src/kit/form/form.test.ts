import { flushPromises, mount } from '@vue/test-utils'
import { expect, it, vi } from 'vitest'
import WInput from '../input/WInput.vue'
import WForm from './WForm.vue'
import WOvertaken from './WOvertaken.vue'
import { Problem } from '@/shared/api/problem'

const changed = new Problem({ type: 'urn:wuji:problem:kit.changed_meanwhile', title: '没有保存', status: 412 })

it('keeps what is typed as text, in a number field too', async () => {
  const field = mount(WInput, { props: { modelValue: '30' }, attrs: { type: 'number' } })
  await field.get('input').setValue('45')
  expect(field.emitted('update:modelValue')).toEqual([['45']])
})

it('leads to the first field that was refused', async () => {
  const form = mount(WForm, { attachTo: document.body, props: { busy: true }, slots: { default: '<input><input aria-invalid="true">' } })
  await form.setProps({ busy: false })
  await flushPromises()
  expect(document.activeElement).toBe(form.findAll('input')[1]?.element)
})

it('shows what somebody else saved once it was read', async () => {
  const read = vi.fn<() => Promise<unknown>>().mockResolvedValue(undefined)
  const part = mount(WOvertaken, { props: { problem: changed, theirs: [{ key: 'name', label: '名称', value: '红光村' }], read } })
  expect(part.text()).not.toContain('红光村')
  await part.get('button').trigger('click')
  await flushPromises()
  expect(read).toHaveBeenCalledOnce()
  expect(part.text()).toContain('红光村')
  await part.setProps({ problem: new Problem({ type: 'about:blank', title: '', status: 422 }) })
  expect(part.text()).toBe('')
})
