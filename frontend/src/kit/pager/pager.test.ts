import { mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import WPager from './WPager.vue'

const total = { value: 1000, capped: true }

it('says which rows of how many, and that there are more than counted', () => {
  const pager = mount(WPager, { props: { count: 10, before: 20, total, hasPrevious: true, hasNext: true } })
  expect(pager.get('[role="status"]').text()).toBe('第 21–30 条，共 1,000+ 条')
})

it('gives only the total when nobody knows what came before', () => {
  const pager = mount(WPager, { props: { count: 10, total, hasPrevious: true, hasNext: false } })
  expect(pager.get('[role="status"]').text()).toBe('共 1,000+ 条')
})

it('leads on and back where there is something', async () => {
  const pager = mount(WPager, { props: { count: 10, before: 0, total, hasPrevious: false, hasNext: true } })
  const [previous, next] = pager.findAll('button')
  expect(previous?.attributes('disabled')).toBeDefined()
  await next?.trigger('click')
  expect(pager.emitted('next')).toHaveLength(1)
})
