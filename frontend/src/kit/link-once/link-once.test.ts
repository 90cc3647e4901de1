import { mount } from '@vue/test-utils'
import { expect, it, vi } from 'vitest'
import WLinkOnce from './WLinkOnce.vue'

function clipboard(writeText: (text: string) => Promise<void>): void {
  vi.spyOn(navigator, 'clipboard', 'get').mockReturnValue({ writeText } as Clipboard)
}
const props = { link: 'https://wuji.example/link#abc', until: '2026-07-26T00:00:00Z', text: '交给本人' }

it('shows the link to read, to copy and to photograph', async () => {
  const writeText = vi.fn<(text: string) => Promise<void>>().mockResolvedValue(undefined)
  clipboard(writeText)
  const part = mount(WLinkOnce, { props })
  expect(part.get<HTMLInputElement>('input').element.value).toBe(props.link)
  expect(part.get('svg[role=img]').attributes('aria-label')).toBe('链接的二维码')
  await part.get('button').trigger('click')
  expect(writeText).toHaveBeenCalledWith(props.link)
  await vi.waitFor(() => expect(part.get('[role=status]').text()).toBe('已复制'))
})

it('selects the link where the browser refuses the clipboard', async () => {
  clipboard(() => Promise.reject(new Error('not allowed')))
  const part = mount(WLinkOnce, { props, attachTo: document.body })
  await part.get('button').trigger('click')
  await vi.waitFor(() => expect(part.get('[role=status]').text()).toContain('Ctrl+C'))
})
