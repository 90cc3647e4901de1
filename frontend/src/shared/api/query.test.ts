import { expect, it, vi } from 'vitest'
import { Problem, unreachable } from './problem'
import { createQueryClient, sessionKey } from './query'

const problem = (status: number): Problem => new Problem({ type: 'about:blank', title: '', status })

it('sends the reader to the login when the session has ended', async () => {
  const onSignedOut = vi.fn()
  const client = createQueryClient(onSignedOut)
  await client.query({ queryKey: ['a'], queryFn: () => Promise.reject(problem(404)), retry: false }).catch(() => null)
  expect(onSignedOut).not.toHaveBeenCalled()
  await client.query({ queryKey: ['b'], queryFn: () => Promise.reject(problem(401)), retry: false }).catch(() => null)
  expect(onSignedOut).toHaveBeenCalledOnce()
})

it('asks again only where asking again may help', () => {
  const retry = createQueryClient(vi.fn()).getDefaultOptions().queries?.retry
  if (typeof retry !== 'function') throw new Error('no rule for asking again')
  expect([unreachable(), problem(503), problem(500), problem(422)].map((error) => retry(0, error))).toEqual([true, true, false, false])
  expect(retry(2, unreachable())).toBe(false)
})

it('reads anew what the reader may do when an answer refuses', async () => {
  const client = createQueryClient(vi.fn())
  client.setQueryData(sessionKey, { grants: [] })
  client.setQueryData([...sessionKey, 'sessions'], [])
  await client.query({ queryKey: ['a'], queryFn: () => Promise.reject(problem(404)), retry: false }).catch(() => null)
  expect(client.getQueryState(sessionKey)?.isInvalidated).toBe(true)
  expect(client.getQueryState([...sessionKey, 'sessions'])?.isInvalidated).toBe(false)
})
