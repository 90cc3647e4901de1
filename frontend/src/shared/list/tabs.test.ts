import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { flushPromises } from '@vue/test-utils'
import { expect, it, onTestFinished, vi } from 'vitest'
import { createApp } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import type { ListQuery } from './list-state'
import { useListState } from './list-state'
import { useTabs } from './tabs'

it('counts each tab, marks the one in the address, and changes nothing else of what is asked', async () => {
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/:rest(.*)*', component: { render: () => null } }] })
  await router.push('/list?q=a&state=over&cursor=c')
  const load = vi.fn((query: ListQuery) => Promise.resolve({ items: [], next: null, total: { value: query['state'] === 'over' ? 2 : 5, capped: false } }))
  let tabs: ReturnType<typeof useTabs> | undefined
  const app = createApp({
    setup: () => {
      const { query } = useListState({ filters: ['state'] as const })
      tabs = useTabs({ key: ['list'], query, load, tabs: { all: {}, over: { state: 'over' } }, label: (value) => value, due: 'over' })
      return () => null
    },
  })
  app.use(router).use(VueQueryPlugin, { queryClient: new QueryClient() }).mount(document.createElement('div'))
  onTestFinished(() => app.unmount())
  await flushPromises()
  expect(tabs?.value).toEqual({
    current: 'over',
    keys: ['state'],
    items: [
      { value: 'all', label: 'all', to: { query: { q: 'a' } }, count: { value: 5, capped: false }, due: false },
      { value: 'over', label: 'over', to: { query: { q: 'a', state: 'over' } }, count: { value: 2, capped: false }, due: true },
    ],
  })
  expect(load.mock.calls.map(([query]) => query)).toEqual([{ q: 'a', limit: 1 }, { q: 'a', state: 'over', limit: 1 }])
})
