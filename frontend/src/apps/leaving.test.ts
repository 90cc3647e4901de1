import { beforeEach, expect, it, vi } from 'vitest'
import { logOut, toLogin } from './leaving'

const assign = vi.fn()
let status = 204

beforeEach(() => {
  assign.mockClear()
  status = 204
  vi.stubGlobal('location', { pathname: '/me', search: '?a=1', origin: 'http://localhost', href: 'http://localhost/me', assign })
  vi.stubGlobal('fetch', () => {
    toLogin() // what another request makes of the session that ends
    return Promise.resolve(new Response(status === 204 ? null : JSON.stringify({ title: 'no', status }), { status, headers: { 'Content-Type': 'application/problem+json' } }))
  })
  globalThis.dispatchEvent(new Event('pageshow'))
})

it('leads to the front door alone, whatever else says that the session has ended', async () => {
  await logOut()
  toLogin()
  expect(assign.mock.calls).toEqual([['/']])
})

it('leaves where the session had ended already', async () => {
  status = 401
  await logOut()
  expect(assign.mock.calls).toEqual([['/']])
})

it('stays where the session goes on, and shows the login when that ends', async () => {
  status = 500
  await expect(logOut()).rejects.toThrow()
  expect(assign).not.toHaveBeenCalled()
  toLogin(() => true)
  expect(assign).not.toHaveBeenCalled()
  toLogin()
  toLogin()
  expect(assign.mock.calls).toEqual([[`/login?next=${encodeURIComponent('/me?a=1')}`]])
})
