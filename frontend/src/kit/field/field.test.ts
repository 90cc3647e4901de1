import { mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import { defineComponent } from 'vue'
import WCheckbox from '../checkbox/WCheckbox.vue'
import WInput from '../input/WInput.vue'
import WSelect from '../select/WSelect.vue'
import WSwitch from '../switch/WSwitch.vue'
import WTextarea from '../textarea/WTextarea.vue'
import WField from './WField.vue'

const Form = defineComponent({
  components: { WField, WInput },
  props: { error: { type: String, default: undefined }, optional: Boolean },
  template: '<WField id="code" v-slot="field" label="代码" hint="18 位" :error="error" :optional="optional"><WInput v-bind="field" /></WField>',
})

it('ties label, hint and error to the control', async () => {
  const form = mount(Form)
  const input = form.get('input')
  expect(form.get('label').attributes('for')).toBe('code')
  expect(input.attributes('id')).toBe('code')
  expect(input.attributes('aria-describedby')).toBe('code-hint')
  expect(input.attributes('aria-invalid')).toBeUndefined()
  await form.setProps({ error: '少 1 位' })
  expect(input.attributes('aria-invalid')).toBe('true')
  expect(input.attributes('aria-describedby')).toBe('code-error code-hint')
  expect(form.get('#code-error').text()).toBe('少 1 位')
})

it('says which fields may stay empty, and asks for the others', async () => {
  const form = mount(Form)
  expect(form.get('input').attributes('required')).toBeDefined()
  await form.setProps({ optional: true })
  expect(form.get('input').attributes('required')).toBeUndefined()
  expect(form.get('label').text()).toContain('可不填')
})

it('gives back what was typed and chosen', async () => {
  const input = mount(WInput, { props: { label: '名称', modelValue: '' } })
  await input.setValue('会宫')
  expect(input.emitted('update:modelValue')).toEqual([['会宫']])
  const area = mount(WTextarea, { props: { label: '理由' } })
  await area.setValue('太短')
  expect(area.emitted('update:modelValue')).toEqual([['太短']])
  const options = [{ value: 'a', label: '甲' }, { value: 'b', label: '乙' }]
  const select = mount(WSelect, { props: { label: '层级', options, modelValue: 'a' } })
  await select.get('select').setValue('b')
  expect(select.emitted('update:modelValue')).toEqual([['b']])
})

it('has a checkbox and a switch whose words can be pressed', async () => {
  const box = mount(WCheckbox, { props: { label: '告诉我', hint: '每周一条', modelValue: false } })
  await box.get('input').setValue(true)
  expect(box.emitted('update:modelValue')).toEqual([[true]])
  expect(box.get('label').text()).toContain('每周一条')
  const onOff = mount(WSwitch, { props: { label: '允许', labelHidden: true, modelValue: true } })
  expect(onOff.get('input').attributes()).toMatchObject({ role: 'switch', 'aria-label': '允许' })
})
