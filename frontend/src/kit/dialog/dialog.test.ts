import { flushPromises, mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import { defineComponent, ref } from 'vue'
import WButton from '../button/WButton.vue'
import WMenu from '../menu/WMenu.vue'
import WPopover from '../popover/WPopover.vue'
import WDialog from './WDialog.vue'

const Page = defineComponent({
  components: { WButton, WDialog },
  setup: () => ({ open: ref(false) }),
  template: `<WButton @click="open = true">停用组织</WButton>
    <WDialog v-model:open="open" title="停用农技站？" text="19 个账号马上不能登录。"><template #actions="{ close }"><WButton @click="close">先不停用</WButton></template></WDialog>`,
})
const dialog = () => document.querySelector('[role="dialog"]')
const textOf = (id: string | null | undefined) => document.getElementById(id ?? '')?.textContent

it('is named and described, takes the focus, and closes by Esc or its own button', async () => {
  const page = mount(Page, { attachTo: document.body })
  await page.get('button').trigger('click')
  await flushPromises()
  expect(textOf(dialog()?.getAttribute('aria-labelledby'))).toBe('停用农技站？')
  expect(textOf(dialog()?.getAttribute('aria-describedby'))).toBe('19 个账号马上不能登录。')
  expect(dialog()?.contains(document.activeElement)).toBe(true)
  document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }))
  await flushPromises()
  expect(dialog()).toBeNull()
  await page.get('button').trigger('click')
  await flushPromises()
  dialog()?.querySelector<HTMLElement>('.w-btns button')?.click()
  await flushPromises()
  expect(dialog()).toBeNull()
})

it('opens a popover from its button, which names it', async () => {
  const page = mount(WPopover, { attachTo: document.body, props: { title: '谁锁定了' }, slots: { trigger: '<button>为什么</button>', default: '铜陵市' } })
  const button = document.querySelector<HTMLElement>('button[aria-haspopup="dialog"]')
  expect(button?.getAttribute('aria-expanded')).toBe('false')
  button?.click()
  await flushPromises()
  expect(button?.getAttribute('aria-expanded')).toBe('true')
  expect(dialog()?.textContent).toContain('谁锁定了')
  expect(textOf(dialog()?.getAttribute('aria-labelledby'))).toBe('为什么')
  page.unmount()
})

it('opens a menu by keyboard and tells what was picked', async () => {
  const items = [{ key: 'rename', label: '改名' }, { key: 'stop', label: '停用', danger: true, disabled: true }]
  const menu = mount(WMenu, { attachTo: document.body, props: { items }, slots: { trigger: '<button>更多</button>' } })
  const button = document.querySelector<HTMLElement>('button[aria-haspopup="menu"]')
  button?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }))
  await flushPromises()
  const [rename, stop] = document.querySelectorAll<HTMLElement>('[role="menuitem"]')
  expect(stop?.getAttribute('aria-disabled')).toBe('true')
  rename?.click()
  await flushPromises()
  expect(menu.emitted('pick')).toEqual([['rename']])
})
