import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { flushPromises } from '@vue/test-utils'
import { beforeEach, expect, it, onTestFinished, vi } from 'vitest'
import { createApp } from 'vue'
import { createRouter, createWebHistory, type Router } from 'vue-router'
import { Problem } from '@/shared/api/problem'
import { useList, type Page } from './list'
import { useListState, type ListQuery } from './list-state'

type Load = (query: ListQuery) => Promise<Page<string>>

const total = { value: 25, capped: false }
const page = ({ cursor }: ListQuery): Page<string> => ({ items: [`row after ${cursor ?? 'start'}`], next: cursor === 'c2' ? null : cursor === 'c1' ? 'c2' : 'c1', total })

function start(router: Router, load: Load) {
  const setup = () => {
    const state = useListState({ filters: ['level'] as const, sort: 'code', limit: 10 })
    return { state, list: useList({ key: ['list'], state, load }) }
  }
  let made: ReturnType<typeof setup> | undefined
  const app = createApp({
    setup: () => {
      made = setup()
      return () => null
    },
  })
  const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false } } })
  app.use(router).use(VueQueryPlugin, { queryClient }).mount(document.createElement('div'))
  onTestFinished(() => app.unmount())
  if (!made) throw new Error('the list was not set up')
  return made
}

async function open(path: string, load = vi.fn<Load>((query) => Promise.resolve(page(query)))) {
  const router = createRouter({ history: createWebHistory(), routes: [{ path: '/:rest(.*)*', component: { render: () => null } }] })
  await router.push(path)
  const { state, list } = start(router, load)
  const settle = async (): Promise<void> => {
    await flushPromises()
    await vi.waitFor(() => expect(list.pending.value).toBe(false))
    await flushPromises()
  }
  await settle()
  return { state, list, router, load, settle }
}

beforeEach(() => history.replaceState(null, '', '/'))

it('asks for what the address says', async () => {
  const { load } = await open('/tenants?q=会宫&level=4&sort=-code&foreign=1')
  expect(load.mock.calls[0]?.[0]).toEqual({ q: '会宫', level: '4', sort: '-code', limit: 10 })
})

it('goes on and back by pages and knows how many rows came before', async () => {
  const { list, state, router, settle } = await open('/tenants')
  expect([state.before.value, list.hasNext.value, state.hasPrevious.value]).toEqual([0, true, false])
  list.next()
  await settle()
  list.next()
  await settle()
  expect([list.rows.value, state.before.value, list.hasNext.value]).toEqual([['row after c2'], 20, false])
  state.previous()
  await settle()
  expect([router.currentRoute.value.query['cursor'], state.before.value]).toEqual(['c1', 10])
  state.previous()
  await settle()
  expect(router.currentRoute.value.fullPath).toBe('/tenants')
})

it('begins again when the search, order or filter changes, and forgets the usual order', async () => {
  const { state, router, settle } = await open('/tenants?cursor=c1')
  expect(state.before.value).toBeUndefined()
  state.filter('level').value = '3'
  await settle()
  expect(router.currentRoute.value.query).toEqual({ level: '3' })
  state.sort.value = '-code'
  await settle()
  state.sort.value = 'code'
  await settle()
  state.removeFilter('level')
  await settle()
  expect(router.currentRoute.value.query).toEqual({})
})

it('keeps what is picked over pages, not over another search', async () => {
  const { list, state, settle } = await open('/tenants')
  list.selected.value = ['1']
  list.next()
  await settle()
  expect(list.selected.value).toEqual(['1'])
  state.q.value = '会宫'
  await settle()
  expect(list.selected.value).toEqual([])
})

it('gives the problem, and the rows once asking again helps', async () => {
  const problem = new Problem({ type: 'about:blank', title: '', status: 500 })
  const load = vi.fn<Load>().mockRejectedValueOnce(problem).mockImplementation((query) => Promise.resolve(page(query)))
  const { list, settle } = await open('/tenants', load)
  expect(list.problem.value).toBe(problem)
  void list.retry()
  await settle()
  expect([list.problem.value, list.rows.value]).toEqual([null, ['row after start']])
})
