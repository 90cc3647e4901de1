import { mount } from '@vue/test-utils'
import { expect, it, vi } from 'vitest'
import WButton from './WButton.vue'

it('is a plain button that submits only when told to', () => {
  const button = mount(WButton, { slots: { default: '保存' } })
  expect((button.element as HTMLElement).tagName).toBe('BUTTON')
  expect(button.attributes('type')).toBe('button')
  expect(button.attributes('aria-pressed')).toBeUndefined()
})

it('takes no press while busy or disabled', async () => {
  const onClick = vi.fn()
  const button = mount(WButton, { props: { busy: true, onClick } })
  await button.trigger('click')
  expect(button.attributes('aria-busy')).toBe('true')
  expect(onClick).not.toHaveBeenCalled()
  await button.setProps({ busy: false })
  await button.trigger('click')
  expect(onClick).toHaveBeenCalledOnce()
})

it('is a link when it leads somewhere, and leads nowhere when disabled', () => {
  const link = mount(WButton, { props: { to: '/tips', disabled: true } })
  expect((link.element as HTMLElement).tagName).toBe('A')
  expect(link.attributes('href')).toBe('/tips')
  expect(link.attributes('aria-disabled')).toBe('true')
  const event = new MouseEvent('click', { bubbles: true, cancelable: true })
  ;(link.element as HTMLElement).dispatchEvent(event)
  expect(event.defaultPrevented).toBe(true)
})

it('names a button that is only an icon', () => {
  const button = mount(WButton, { props: { icon: 'ellipsis', label: '更多' } })
  expect(button.attributes('aria-label')).toBe('更多')
  expect(button.get('svg').attributes('aria-hidden')).toBe('true')
  expect(button.get('use').attributes('href')).toBe('#i-ellipsis')
})
