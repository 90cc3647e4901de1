import { flushPromises, mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import WTabLinks from './WTabLinks.vue'
import WTabs from './WTabs.vue'

const tabs = [{ value: 'waiting', label: '待审核', count: 12, due: true }, { value: 'out', label: '已发布' }]

it('moves between tabs by arrows and opens one by Enter', async () => {
  const part = mount(WTabs, {
    attachTo: document.body,
    props: { tabs, label: '状态', modelValue: 'waiting', 'onUpdate:modelValue': (value: string) => part.setProps({ modelValue: value }) },
    slots: { waiting: '12 篇', out: '346 篇' },
  })
  await flushPromises()
  const [first, second] = part.findAll<HTMLElement>('[role="tab"]')
  expect(first?.attributes('aria-selected')).toBe('true')
  first?.element.focus()
  await first?.trigger('keydown', { key: 'ArrowRight' })
  await flushPromises()
  expect(document.activeElement).toBe(second?.element)
  await second?.trigger('keydown', { key: 'Enter' })
  await flushPromises()
  expect(part.props('modelValue')).toBe('out')
  expect(part.get('[role="tabpanel"][data-state="active"]').text()).toBe('346 篇')
})

it('marks the page among tabs that are links', () => {
  const links = tabs.map((tab) => ({ ...tab, to: `/tips?state=${tab.value}` }))
  const part = mount(WTabLinks, { props: { tabs: links, current: 'out', label: '状态' } })
  expect(part.findAll('a').map((link) => link.attributes('aria-current'))).toEqual([undefined, 'page'])
  expect(part.get('a').attributes('href')).toBe('/tips?state=waiting')
})
