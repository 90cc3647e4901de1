import { expect, it, vi } from 'vitest'
import { bodyOf, createApi, ifMatch } from './client'
import { Problem } from './problem'
import { setLocale } from '@/shared/i18n/i18n'

interface Paths {
  '/things': {
    get: { responses: { 200: { content: { 'application/json': { name: string } } } } }
    patch: { parameters: { header: { 'If-Match': string } }; requestBody: { content: { 'application/json': { name: string } } }; responses: { 200: { content: { 'application/json': { name: string } } } } }
  }
}

function answering(body: unknown, init: ResponseInit = {}) {
  const type = (init.status ?? 200) < 400 ? 'application/json' : 'application/problem+json'
  const answer = (): Response => new Response(JSON.stringify(body), { headers: { 'Content-Type': type, 'X-Request-Id': '7f3a' }, ...init })
  const fetch = vi.fn<(request: Request) => Promise<Response>>().mockResolvedValue(answer())
  const sent = (): Headers => fetch.mock.calls[0]?.[0].headers ?? new Headers()
  return { api: createApi<Paths>(fetch as typeof globalThis.fetch), sent }
}

const problemOf = async (call: Promise<unknown>): Promise<Problem> => {
  const error: unknown = await call.catch((found: unknown) => found)
  if (error instanceof Problem) return error
  throw new Error('the call did not end in a problem')
}

it('asks in the language of the reader and proves nothing on safe calls', async () => {
  const { api, sent } = answering({ name: 'a' })
  expect(bodyOf(await api.GET('/things'))).toEqual({ name: 'a' })
  expect(sent().get('Accept-Language')).toBe('zh-CN')
  expect(sent().get('X-Wuji-Request')).toBeNull()
  await setLocale('en')
  const english = answering({ name: 'a' })
  await english.api.GET('/things')
  expect(english.sent().get('Accept-Language')).toBe('en')
  await setLocale('zh-CN')
})

it('proves that an unsafe call is ours, and says which version it saw', async () => {
  const { api, sent } = answering({ name: 'b' })
  await api.PATCH('/things', { params: { header: ifMatch(3) }, body: { name: 'b' } })
  expect(sent().get('X-Wuji-Request')).toBe('1')
  expect(sent().get('If-Match')).toBe('"3"')
})

it('throws what the server says is wrong', async () => {
  const document = { type: 'about:blank', title: '要改', status: 422, detail: '代码少 1 位。', instance: '/things', errors: [{ pointer: '/code', message: '少 1 位' }] }
  const { api } = answering(document, { status: 422, headers: { 'Content-Type': 'application/problem+json', 'X-Request-Id': '7f3a' } })
  const problem = await problemOf(api.GET('/things'))
  expect(problem).toMatchObject({ ...document, requestId: '7f3a' })
  expect(problem.message).toBe('代码少 1 位。')
  expect(problem.errorOf('code')).toBe('少 1 位')
  expect(problem.errorOf('name')).toBeUndefined()
})

it('makes a problem of a page that some proxy sent', async () => {
  const { api } = answering('', { status: 502, statusText: 'Bad Gateway', headers: { 'Content-Type': 'text/html' } })
  const problem = await problemOf(api.GET('/things'))
  expect([problem.status, problem.title, problem.errors]).toEqual([502, 'Bad Gateway', []])
})

it('tells a network that is away from a call that was given up', async () => {
  const away = createApi<Paths>(() => Promise.reject(new TypeError('Failed to fetch')))
  expect((await problemOf(away.GET('/things'))).isUnreachable).toBe(true)
  const given = createApi<Paths>(() => Promise.reject(new DOMException('', 'AbortError')))
  await expect(given.GET('/things')).rejects.toBeInstanceOf(DOMException)
})
