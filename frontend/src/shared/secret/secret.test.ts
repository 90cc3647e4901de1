import { flushPromises, mount } from '@vue/test-utils'
import { beforeEach, expect, it } from 'vitest'
import { defineComponent } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { useSecret } from './secret'

const Page = defineComponent({ setup: () => ({ ...useSecret('link'), route: useRoute(), router: useRouter() }), template: '<p>{{ secret }}</p>' })

async function open(address: string) {
  const page = mount(Page)
  await page.vm.router.push(address)
  await flushPromises()
  return page
}

beforeEach(async () => {
  sessionStorage.clear()
  await open('/link')
})

it('takes the secret out of the address, and finds it again in this tab', async () => {
  const page = await open('/link?a=1#wuji_link_x')
  expect([page.text(), page.vm.route.fullPath]).toEqual(['wuji_link_x', '/link?a=1'])
  expect((await open('/link')).text()).toBe('wuji_link_x')
})

it('takes a second one in the same page', async () => {
  const page = await open('/link#one')
  await page.vm.router.push('/link#two')
  await flushPromises()
  expect(page.text()).toBe('two')
})

it('forgets it when it is used', async () => {
  const page = await open('/link#one')
  page.vm.forget()
  expect((await open('/link')).text()).toBe('')
})
