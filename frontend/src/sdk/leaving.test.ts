import { flushPromises } from '@vue/test-utils'
import { h, ref } from 'vue'
import { expect, it } from 'vitest'
import { router } from '@/kit/testing/router'
import { useLeaving } from './leaving'
import { mountInPlugin } from './testing'

it('asks before something unsaved is left, and goes where the way led', async () => {
  const isDirty = ref(true)
  const found: { leaving?: ReturnType<typeof useLeaving> } = {}
  const page = await mountInPlugin({ setup: () => ((found.leaving = useLeaving(() => isDirty.value)), () => h('p')) }, { id: 'p', path: 'edit' })
  const here = router.currentRoute.value.path
  await router.push('/elsewhere?tab=1')
  expect([router.currentRoute.value.path, found.leaving?.isAsked.value]).toEqual([here, true])
  const closing = new Event('beforeunload', { cancelable: true })
  dispatchEvent(closing)
  expect(closing.defaultPrevented).toBe(true)
  found.leaving?.stay()
  expect(found.leaving?.isAsked.value).toBe(false)
  await router.push('/elsewhere?tab=1')
  await found.leaving?.leave()
  await flushPromises()
  expect(router.currentRoute.value.fullPath).toBe('/elsewhere?tab=1')
  page.unmount()
  isDirty.value = true
  await router.push('/further')
  expect(router.currentRoute.value.path).toBe('/further')
})
