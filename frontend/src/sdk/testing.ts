// @wuji/testing, for a plugin's own tests alone: its component, standing in a plugin as the host would have it.
import { VueQueryPlugin } from '@tanstack/vue-query'
import { mount, type VueWrapper } from '@vue/test-utils'
import { computed, defineComponent, h, type Component } from 'vue'
import { router } from '@/kit/testing/router'
import { createQueryClient } from '@/shared/api/query'
import { addTexts, type Texts } from '@/shared/i18n/i18n'
import { usePlace } from '@/shared/place/place'
import { below, pluginBase, providePlugin, type Surface } from '@/shared/plugin/context'

interface Place {
  id: string
  /** What lies in the plugin's locales/zh-CN.json. */
  texts?: Texts
  surface?: Surface
  code?: string
  params?: Record<string, string>
  permissions?: readonly string[]
  /** The page's address below x/<plugin>/. */
  path?: string
  /** The time zone of the root; without it, the place has not been read. */
  zone?: string
  props?: Record<string, unknown>
}

/** Mounts on the page's address; calls to the API are the test's to answer, by a stub of `fetch`. */
export async function mountInPlugin(component: Component, place: Place): Promise<VueWrapper> {
  const { id, texts = {}, surface = 'console', code = '340722', params = {}, permissions = [], path = '', zone, props = {} } = place
  addTexts('zh-CN', id, texts)
  usePlace().set(zone === undefined ? null : { place: { code, name: code, level: 2 }, ancestors: [], below: [], zone })
  await router.push(below(pluginBase(surface, code, id), path))
  const stand = defineComponent({
    setup: () => {
      providePlugin({ id, version: '0', surface, code: computed(() => code), params: computed(() => params), may: (name) => permissions.includes(name) })
      return () => h(component, props)
    },
  })
  const plugins = [[VueQueryPlugin, { queryClient: createQueryClient(() => undefined) }]]
  return mount(stand, { global: { plugins: plugins as never }, attachTo: document.body })
}
