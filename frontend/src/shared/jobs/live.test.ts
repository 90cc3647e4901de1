import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, expect, it, vi } from 'vitest'
import { defineComponent } from 'vue'
import { follow, putAway } from './followed'
import { jobKey, listKey, readJob, type Job } from './jobs'
import { take } from './live'
import { useFollowedJobs } from './tray'

const heard = vi.hoisted((): { news: ((news: unknown) => void) | null } => ({ news: null }))
vi.mock('../live/connection', () => ({
  listen: (_topic: string, hear: (news: unknown) => void) => {
    heard.news = hear
    return () => (heard.news = null)
  },
}))
vi.mock('./jobs', async (actual) => ({ ...(await actual<object>()), readJob: vi.fn() }))

const job = (own: Partial<Job> = {}): Job => ({ id: 'j1', kind: 'list.export', state: 'running', progress: 40, created_at: new Date().toISOString(), ...own }) as Job
const page = (...items: Job[]) => ({ items, next: null, total: { value: items.length, capped: false } })

afterEach(() => {
  vi.useRealTimers()
  putAway('j1')
})

it('puts the progress where it is shown, and asks for what began or ended', () => {
  const queries = new QueryClient()
  const asked = vi.spyOn(queries, 'invalidateQueries')
  queries.setQueryData(jobKey('j1'), job())
  queries.setQueryData([...listKey, {}], page(job(), job({ id: 'old', state: 'cancelled' })))
  queries.setQueryData([...listKey, 'count', {}], { value: 2, capped: false })
  const before = { j1: { state: 'running', progress: 40 }, old: { state: 'failed', progress: 10 } } as const
  take(queries, before, { ...before, j1: { state: 'running', progress: 70 } })
  expect(queries.getQueryData<Job>(jobKey('j1'))?.progress).toBe(70)
  expect(queries.getQueryData<ReturnType<typeof page>>([...listKey, {}])?.items.map(({ progress }) => progress)).toEqual([70, 40])
  expect(asked).not.toHaveBeenCalled()
  take(queries, before, { ...before, j1: { state: 'done', progress: 100 }, j2: { state: 'waiting', progress: 0 } })
  expect(asked.mock.calls.map(([filter]) => (filter as { queryKey: unknown }).queryKey)).toEqual([jobKey('j1'), jobKey('j2'), listKey])
})

const Tray = defineComponent({ setup: useFollowedJobs, template: '<p>{{ jobs.map(({ state, progress }) => `${state} ${progress}`).join() }}</p>' })

it('asks while nothing is told, is told from then on, and asks again when that ends', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval', 'clearTimeout', 'clearInterval'] })
  const read = vi.mocked(readJob).mockImplementation(() => Promise.resolve(job()))
  const queryClient = new QueryClient()
  follow('j1')
  const tray = mount(Tray, { global: { plugins: [[VueQueryPlugin, { queryClient }]] } })
  await vi.advanceTimersByTimeAsync(1600)
  expect(read).toHaveBeenCalledTimes(2)
  heard.news?.({ kind: 'body', body: { j1: { state: 'running', progress: 55 } } })
  await vi.advanceTimersByTimeAsync(1600) // one that was not told of before is asked for once
  const calls = read.mock.calls.length
  heard.news?.({ kind: 'body', body: { j1: { state: 'running', progress: 80 } } })
  await vi.advanceTimersByTimeAsync(10_000)
  expect([tray.text(), read.mock.calls.length]).toEqual(['running 80', calls])
  heard.news?.({ kind: 'lost' })
  await vi.advanceTimersByTimeAsync(4000)
  expect(read.mock.calls.length).toBeGreaterThan(calls + 1)
  read.mockImplementation(() => Promise.resolve(job({ state: 'done' })))
  await vi.advanceTimersByTimeAsync(2000)
  await flushPromises()
  expect([tray.text(), heard.news]).toEqual(['done 40', null])
  tray.unmount()
})
