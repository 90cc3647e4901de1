import { flushPromises, mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import WErrorSummary from './WErrorSummary.vue'

it('takes the focus when a submit was refused, and leads to the fields', async () => {
  const field = document.createElement('input')
  field.id = 'code'
  document.body.append(field)
  const summary = mount(WErrorSummary, { attachTo: document.body, props: { errors: [] } })
  expect(summary.find('[role="alert"]').exists()).toBe(false)
  await summary.setProps({ errors: [{ field: 'code', message: '代码少 1 位。' }] })
  await flushPromises()
  expect(document.activeElement).toBe(summary.get('[role="alert"]').element)
  expect(summary.get('h2').text()).toBe('有 1 处要改')
  await summary.get('a').trigger('click')
  expect(document.activeElement).toBe(field)
  field.remove()
})
