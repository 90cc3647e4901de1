import { effectScope, nextTick, ref } from 'vue'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Hub } from './hub'
import { useLive } from './live'
import { newsOf, type News, type Tell } from './news'
import { Polling } from './polling'
import { Stream } from './stream'

class FakeSource extends EventTarget {
  static readonly CLOSED = 2
  static opened: FakeSource[] = []
  readyState = 0
  onopen: (() => void) | null = null
  onmessage: ((event: MessageEvent<string>) => void) | null = null
  onerror: (() => void) | null = null
  constructor(readonly url: string) {
    super()
    FakeSource.opened.push(this)
  }
  close() {
    this.readyState = 2
  }
  say(data: unknown, lastEventId = '7') {
    this.onmessage?.(new MessageEvent('message', { data: JSON.stringify(data), lastEventId }))
  }
  event(name: string, data: string, lastEventId = '7') {
    this.dispatchEvent(new MessageEvent(name, { data, lastEventId }))
  }
  refuse() {
    this.readyState = 2
    this.onerror?.()
  }
}

const last = () => FakeSource.opened.at(-1) ?? expect.fail('nothing was opened')

function ears(): { told: [string, News][]; tell: Tell } {
  const told: [string, News][] = []
  return { told, tell: (topic, news) => void told.push([topic, news]) }
}

beforeEach(() => {
  vi.useFakeTimers()
  FakeSource.opened = []
  vi.stubGlobal('EventSource', FakeSource)
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

it('reads what a value says', () => {
  expect([newsOf(5), newsOf(null), newsOf({ unread: 1 })]).toEqual([{ kind: 'changed' }, { kind: 'lost' }, { kind: 'body', body: { unread: 1 } }])
})

it('asks for all topics at once, and lets everybody look when it begins', () => {
  const { told, tell } = ears()
  const stream = new Stream(['tenants@34', 'inbox'], tell)
  expect(last().url).toBe('/live?topic=tenants%4034&topic=inbox')
  last().onopen?.()
  expect(told.splice(0)).toEqual([
    ['tenants@34', { kind: 'changed' }],
    ['inbox', { kind: 'changed' }],
  ])
  last().say({ inbox: { unread: 2 }, 'tenants@34': null })
  expect(told).toEqual([
    ['inbox', { kind: 'body', body: { unread: 2 } }],
    ['tenants@34', { kind: 'lost' }],
  ])
  stream.close()
  expect(last().readyState).toBe(2)
})

it('comes again after a restart, with the place where it was, and nobody has to look', () => {
  const { told, tell } = ears()
  new Stream(['inbox'], tell)
  last().say({ inbox: 1 }, '41')
  told.length = 0
  last().event('bye', 'restart')
  vi.advanceTimersByTime(10_000)
  expect(FakeSource.opened).toHaveLength(2)
  expect(last().url).toBe('/live?topic=inbox&since=41')
  last().onopen?.()
  expect(told).toEqual([])
  last().event('reset', '1', '90')
  expect(told).toEqual([['inbox', { kind: 'reset' }]])
})

it('does not come again once its right has ended', () => {
  const { told, tell } = ears()
  new Stream(['inbox'], tell)
  last().event('bye', 'gone')
  vi.advanceTimersByTime(600_000)
  expect(told).toEqual([['inbox', { kind: 'lost' }]])
  expect(FakeSource.opened).toHaveLength(1)
})

it('polls where answers cannot stay open, and tries again later', async () => {
  const fetched = vi.fn(() => Promise.resolve(new Response('{"inbox":3}', { headers: { ETag: '"a"' } })))
  vi.stubGlobal('fetch', fetched)
  const { told, tell } = ears()
  new Stream(['inbox'], tell, () => 0.5)
  for (let n = 0; n < 3; n += 1) {
    last().refuse()
    await vi.advanceTimersByTimeAsync(n < 2 ? 4_000 : 0)
  }
  expect(FakeSource.opened).toHaveLength(3)
  expect(told).toEqual([['inbox', { kind: 'changed' }]])
  await vi.advanceTimersByTimeAsync(61_000)
  expect(FakeSource.opened).toHaveLength(4)
})

it('tells of what differs, and asks only whether anything does', async () => {
  const answers = ['{"a":1,"b":1}', '{"a":1,"b":2}']
  const fetched = vi.fn<typeof fetch>(() => {
    const body = answers.shift()
    return Promise.resolve(body ? new Response(body, { headers: { ETag: '"x"' } }) : new Response(null, { status: 304 }))
  })
  vi.stubGlobal('fetch', fetched)
  const { told, tell } = ears()
  const polling = new Polling('/live', ['a', 'b'], tell)
  await vi.advanceTimersByTimeAsync(11_000)
  expect(told.map(([topic]) => topic)).toEqual(['a', 'b', 'b'])
  expect(fetched.mock.calls[1]?.[1]?.headers).toMatchObject({ 'If-None-Match': '"x"' })
  polling.close()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(fetched).toHaveBeenCalledTimes(3)
})

it('hears by polling that nothing of it is told', async () => {
  vi.stubGlobal('fetch', () => Promise.resolve(new Response('', { status: 404 })))
  const { told, tell } = ears()
  new Polling('/live', ['a'], tell)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(told).toEqual([['a', { kind: 'lost' }]])
})

it('asks for eight topics at a time and leaves alone what runs', () => {
  const { tell } = ears()
  const hub = new Hub(tell)
  for (let n = 0; n < 10; n += 1) hub.listen(`t@${n}`)
  vi.advanceTimersByTime(100)
  expect(FakeSource.opened.map((source) => source.url.split('topic=').length - 1)).toEqual([8, 2])
  hub.listen('t@99')
  vi.advanceTimersByTime(100)
  expect(FakeSource.opened.map((source) => source.readyState)).toEqual([0, 2, 0])
  expect(last().url).toContain('t%4099')
  for (let n = 0; n < 10; n += 1) hub.stop(`t@${n}`)
  hub.stop('t@99')
  vi.advanceTimersByTime(100)
  expect(FakeSource.opened.every((source) => source.readyState === 2)).toBe(true)
})

it('gives a topic that was lost another try when somebody asks again', () => {
  const { tell } = ears()
  const hub = new Hub(tell)
  hub.listen('inbox')
  vi.advanceTimersByTime(100)
  last().event('bye', 'gone')
  hub.listen('inbox')
  vi.advanceTimersByTime(100)
  expect(FakeSource.opened).toHaveLength(2)
})

it('tells whoever comes later what was told before', () => {
  const { tell } = ears()
  const hub = new Hub(tell)
  expect(hub.listen('inbox')).toBeUndefined()
  vi.advanceTimersByTime(100)
  last().say({ inbox: { unread: 3 } })
  expect(hub.listen('inbox')).toEqual({ kind: 'body', body: { unread: 3 } })
})

it('keeps a part of a page in step for as long as it stands there', async () => {
  const topic = ref<string | null>('inbox')
  const heard: unknown[] = []
  const scope = effectScope()
  const isLive = scope.run(() => useLive(topic, (body) => heard.push(body)))
  await vi.dynamicImportSettled()
  await vi.advanceTimersByTimeAsync(100)
  last().onopen?.()
  last().say({ inbox: 5 })
  expect([isLive?.value, heard]).toEqual([true, []])
  await vi.advanceTimersByTimeAsync(600)
  expect(heard).toEqual([undefined]) // once for both
  last().say({ inbox: { unread: 4 } })
  expect(heard.at(-1)).toEqual({ unread: 4 })
  topic.value = null
  await nextTick()
  await vi.advanceTimersByTimeAsync(100)
  expect([isLive?.value, last().readyState]).toEqual([false, 2])
  scope.stop()
})
