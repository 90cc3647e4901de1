import { effectScope } from 'vue'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createApi } from '@/shared/api/client'
import { Problem } from '@/shared/api/problem'
import { canAskProof, useProof } from './proof'

const problem = (how: string) => new Response(JSON.stringify({ type: 'urn:wuji:problem:kit.step_up_needed', title: 'x', status: 403, how }), { status: 403, headers: { 'Content-Type': 'application/problem+json' } })
const proof = useProof()
const shell = { scope: effectScope(), enter: () => shell.scope.run(canAskProof), leave: () => shell.scope.stop() }

beforeEach(() => {
  shell.scope = effectScope()
})
afterEach(() => shell.leave())

function open(answers: Response[]) {
  const bodies: string[] = []
  const fetch = vi.fn(async (request: RequestInfo | URL) => {
    bodies.push(await (request as Request).text())
    return answers.shift() ?? Response.error()
  })
  const client = createApi<Record<string, Record<'post' | 'get', object>>>(fetch)
  const init: Record<string, unknown> = { body: { a: 1 } }
  return { bodies, ask: (method: 'get' | 'post') => client.request(method, '/api/v1/x', method === 'post' ? init : {}) }
}

it('goes on with what was asked for once the reader has shown who they are', async () => {
  shell.enter()
  const { ask, bodies } = open([problem('password'), new Response('{}', { status: 200 })])
  const answered = ask('post')
  await vi.waitFor(() => expect(proof.how.value).toBe('password'))
  proof.settle(true)
  expect((await answered).response.status).toBe(200)
  expect(bodies).toEqual(['{"a":1}', '{"a":1}'])
  expect(proof.how.value).toBeNull()
})

it('asks once for whatever a page asks at the same time', async () => {
  shell.enter()
  const first = open([problem('factor'), new Response('{}', { status: 200 })])
  const second = open([problem('factor'), new Response('{}', { status: 200 })])
  const answered = Promise.all([first.ask('get'), second.ask('get')])
  await vi.waitFor(() => expect(first.bodies.length + second.bodies.length).toBe(2))
  await vi.waitFor(() => expect(proof.how.value).toBe('factor'))
  proof.settle(true)
  expect((await answered).map(({ response }) => response.status)).toEqual([200, 200])
})

it('says what is wrong to whoever turns it away, and leaves them alone for a while', async () => {
  shell.enter()
  const turned = open([problem('factor')])
  const answered = turned.ask('get')
  await vi.waitFor(() => expect(proof.how.value).toBe('factor'))
  proof.settle(false)
  await expect(answered).rejects.toThrow(Problem)
  await expect(open([problem('factor')]).ask('get')).rejects.toThrow(Problem)
  expect(proof.how.value).toBeNull()
})

it('asks nothing where no part of the page can', async () => {
  shell.enter()
  shell.leave()
  await expect(open([problem('password')]).ask('post')).rejects.toThrow(Problem)
})

it('leaves other refusals alone', async () => {
  shell.enter()
  await expect(open([problem('something')]).ask('post')).rejects.toThrow(Problem)
  expect(proof.how.value).toBeNull()
})
