import { expect, it } from 'vitest'
import { noteAnswer, useSignedIn } from './signed-in'

it('follows logins, logouts and sessions that ended, and nothing else', () => {
  const isSignedIn = useSignedIn()
  const after = (method: string, path: string, status: number): boolean => {
    noteAnswer(method, path, status)
    return isSignedIn.value
  }
  expect(after('POST', '/api/v1/session', 401)).toBe(false)
  expect(after('POST', '/api/v1/session', 200)).toBe(true)
  expect(localStorage.getItem('wuji.signed-in')).toBe('yes')
  expect(after('POST', '/api/v1/session', 401)).toBe(true)
  expect(after('GET', '/api/v1/tenants', 404)).toBe(true)
  expect(after('GET', '/api/v1/me', 401)).toBe(false)
  expect(after('POST', '/api/v1/session', 200)).toBe(true)
  expect(after('DELETE', '/api/v1/session', 204)).toBe(false)
  expect(localStorage.getItem('wuji.signed-in')).toBeNull()
})
