import { Problem } from '@wuji/sdk'
import { beforeEach, expect, it, vi } from 'vitest'
import { type ManagedTip, type Medium } from '../tips'
import { differing, fieldIdOf, inOrder } from './content'
import { Draft } from './draft'
import { readKept } from './kept'

const place = { code: '340722106200', name: '黄山村', level: 4 as const }
const picture = { id: 'm1', number: 1, place: 1, kind: 'picture', alt: '', caption: '', transcript: '' } as Medium
const tip = (values: Partial<ManagedTip> = {}) =>
  ({
    id: 't1', version: 1, state: 'draft', title: '', summary: '', body: '', subject: '', months: [], terms: [], locality: '', title_en: '', summary_en: '',
    reach: place, tenant: place, audience: 'public', media: [], reason: '', may: ['edit'], ...values,
  }) as unknown as ManagedTip

const given = (body: unknown): object => (typeof body === 'object' && body !== null ? body : {})

/** A server of one tip: takes what is sent on its version, refuses any other. */
function server(start: ManagedTip) {
  const now = { tip: start }
  const log: string[] = []
  const change = (path: string, values: object, options?: { version?: number }): ManagedTip => {
    log.push(path)
    if (options?.version !== undefined && options.version !== now.tip.version) throw new Problem({ type: 'x', title: '已经变了', status: 412 })
    now.tip = { ...now.tip, ...values, version: now.tip.version + 1 }
    return now.tip
  }
  const api = {
    get: vi.fn(() => Promise.resolve(now.tip)),
    post: vi.fn((path: string, body?: unknown, options?: object) => Promise.resolve().then(() => change(path, path.endsWith('submit') ? { state: 'in_review' } : given(body), options))),
    patch: vi.fn((path: string, body?: unknown, options?: object) => Promise.resolve().then(() => change(path, path.startsWith('managed-media') ? { media: [{ ...picture, ...given(body) }] } : { ...given(body), ...('body' in given(body) && { body: '<p>clean</p>' }) }, options))),
    delete: vi.fn((path: string, options?: object) => Promise.resolve().then(() => change(path, { media: [] }, options))),
    upload: vi.fn((path: string) => Promise.resolve().then(() => ({ tip: change(path, { media: [picture] }), media_id: 'm1' }))),
  }
  return { now, log, api }
}

beforeEach(() => sessionStorage.clear())

it('begins a tip with what was typed and then sends only what changed', async () => {
  const { api, log } = server(tip())
  const draft = new Draft(api, place.code)
  draft.open(null)
  draft.typed.title = '先看田边'
  expect(draft.isDirty.value).toBe(true)
  await draft.save()
  expect(api.post).toHaveBeenCalledWith('managed-tips', { title: '先看田边' })
  draft.typed.body = '<p>原文</p>'
  await draft.save()
  expect(api.patch).toHaveBeenLastCalledWith('managed-tips/t1', { body: '<p>原文</p>' }, { version: 2 })
  // What the server cleaned is not a change of the writer's.
  expect(draft.isDirty.value).toBe(false)
  await draft.save()
  expect(log).toEqual(['managed-tips', 'managed-tips/t1'])
})

it('saves a new tip before its first picture, describes it, and sends all in turn on the newest version', async () => {
  const { api, log } = server(tip())
  const draft = new Draft(api, place.code)
  draft.open(null)
  const file = new File(['x'], '稻.jpg')
  const sent = draft.attach(file, () => undefined, new AbortController().signal)
  draft.typed.title = '题'
  await Promise.all([sent, draft.save()])
  draft.typed.media['m1'] = { alt: '稻丛', caption: '', transcript: '' }
  await draft.submit()
  expect(log).toEqual(['managed-tips', 'managed-tips/t1/media', 'managed-media/m1', 'managed-tips/t1/submit'])
  expect(draft.base.value?.state).toBe('in_review')
})

it('overwrites nobody: what another saved is laid beside, and nothing typed is lost', async () => {
  const { api, now } = server(tip({ title: '旧' }))
  const draft = new Draft(api, place.code)
  draft.open(now.tip)
  now.tip = { ...now.tip, title: '别人的', summary: '别人的话', version: 2 }
  draft.typed.title = '我的'
  await expect(draft.save()).rejects.toBeInstanceOf(Problem)
  expect(draft.other.value?.title).toBe('别人的')
  expect(draft.typed.title).toBe('我的')
  draft.settle(['summary'])
  await draft.save()
  expect(now.tip).toMatchObject({ title: '我的', summary: '别人的话', version: 3 })
})

it('brings back what a reload left unsaved, and compares where the tip has moved on', () => {
  const first = new Draft(server(tip()).api, place.code)
  first.open(tip({ title: '存过的' }))
  first.typed.title = '没存的'
  first.remember()
  const second = new Draft(server(tip()).api, place.code)
  second.open(tip({ title: '存过的' }))
  expect([second.typed.title, second.isRestored.value, second.other.value]).toEqual(['没存的', true, null])
  const third = new Draft(server(tip()).api, place.code)
  third.open(tip({ title: '又改过', version: 2 }))
  expect([third.typed.title, third.other.value?.title]).toEqual(['没存的', '又改过'])
  second.discard()
  expect([second.typed.title, readKept(place.code, 't1')]).toEqual(['存过的', null])
})

it('knows where a fault is shown and what has changed', () => {
  expect([fieldIdOf('#/title', []), fieldIdOf('#/media/1/alt', [picture])]).toEqual(['tip-title', 'tip-alt-m1'])
  const faults = ['tip-months', 'tip-alt-m1', 'tip-title'].map((field) => ({ field }))
  expect(inOrder(faults).map(({ field }) => field)).toEqual(['tip-title', 'tip-alt-m1', 'tip-months'])
  const typed = new Draft(server(tip()).api, place.code).typed
  expect(differing({ ...typed, months: [7, 6], title: ' 题 ' }, { ...typed, months: [6, 7], title: '题' })).toEqual([])
})
