import { beforeEach, expect, it, vi } from 'vitest'
import { fileOf, pause, pauseOfAll, type Job } from './jobs'

const now = new Date('2026-07-23T09:00:00Z')
const job = (own: Partial<Job> = {}): Job =>
  ({ id: 'j1', kind: 'list.export', state: 'running', progress: 40, created_at: '2026-07-23T08:59:50Z', file_name: null, file_expires_at: null, ...own }) as Job

it('offers a file while it is there', () => {
  expect(fileOf(job(), now)).toBeNull()
  expect(fileOf(job({ state: 'done' }), now)).toBeNull()
  expect(fileOf(job({ state: 'done', file_name: 'a.csv', file_expires_at: '2026-07-30T00:00:00Z' }), now)).toContain('j1/file')
  expect(fileOf(job({ state: 'done', file_name: 'a.csv', file_expires_at: '2026-07-22T00:00:00Z' }), now)).toBeNull()
})

it('asks soon, then less often, and not at all about what is over', () => {
  const [soon, later] = [pause(job(), now), pause(job({ created_at: '2026-07-23T08:50:00Z' }), now)]
  expect(soon).toBeGreaterThan(0)
  expect(Number(later)).toBeGreaterThan(Number(soon))
  expect([pause(job({ state: 'done' }), now), pause(job({ state: 'cancelled' }), now), pause(undefined, now)]).toEqual([false, false, false])
  expect(pauseOfAll([job({ state: 'done' }), job({ created_at: '2026-07-23T08:50:00Z' })], now)).toBe(later)
  expect(pauseOfAll([job({ state: 'failed' })], now)).toBe(false)
})

beforeEach(() => {
  localStorage.clear()
  vi.resetModules()
})

it('still shows after a reload what was begun before, until it is put away', async () => {
  const before = await import('./followed')
  before.follow('a')
  before.follow('b')
  expect(before.useFollowed().isShown.value).toBe(true)
  vi.resetModules()
  const after = await import('./followed')
  expect(after.useFollowed().ids.value).toEqual(['b', 'a'])
  expect(after.useFollowed().isShown.value).toBe(false)
  after.putAway('b')
  after.putAway('a')
  expect([after.useFollowed().ids.value, localStorage.length]).toEqual([[], 0])
})

it('follows no more than fit, the newest first', async () => {
  const { follow, useFollowed } = await import('./followed')
  Array.from({ length: 10 }, (_, index) => follow(String(index)))
  expect(useFollowed().ids.value).toEqual(['9', '8', '7', '6', '5', '4', '3', '2'])
})

it('forgets what another program left in its place', async () => {
  localStorage.setItem('wuji.jobs', '{"a":1}')
  expect((await import('./followed')).useFollowed().ids.value).toEqual([])
})
