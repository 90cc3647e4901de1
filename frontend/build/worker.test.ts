// The service worker runs as it is sent, in a world of its own: what it keeps, what it answers, what it leaves alone.
import { createContext, runInContext } from 'node:vm'
import { beforeEach, expect, it } from 'vitest'
import { workerOf } from './worker.ts'

const home = 'https://wuji.test'
const forGood = 'public, max-age=31536000, immutable'
type Handler = (event: object) => void
interface Sent { method: string; mode: string; url: string }

let stores: Map<string, Map<string, Response>>
let handlers: Record<string, Handler>
let network: Record<string, () => Response>
let asked: string[]

const urlOf = (request: string | Sent): string => (typeof request === 'string' ? home + request : request.url)
const answer = (body: string, control: string, status = 200) => (): Response =>
  Object.defineProperty(new Response(body, { status, headers: { 'Cache-Control': control } }), 'type', { value: 'basic' })

function cacheOf(name: string) {
  const store = stores.get(name) ?? new Map<string, Response>()
  stores.set(name, store)
  return {
    put: (request: string | Sent, response: Response) => Promise.resolve(void store.set(urlOf(request), response)),
    keys: () => Promise.resolve([...store.keys()].map((url) => ({ url }))),
    delete: (request: Sent) => Promise.resolve(store.delete(request.url)),
  }
}

beforeEach(() => {
  stores = new Map()
  handlers = {}
  network = {}
  asked = []
  const fetch = (request: string | Sent): Promise<Response> => {
    const url = urlOf(request)
    asked.push(url)
    const found = network[url.slice(home.length)]
    return found ? Promise.resolve(found()) : Promise.reject(new TypeError('no connection'))
  }
  const caches = {
    open: (name: string) => Promise.resolve(cacheOf(name)),
    keys: () => Promise.resolve([...stores.keys()]),
    delete: (name: string) => Promise.resolve(stores.delete(name)),
    match: (request: string | Sent) => Promise.resolve([...stores.values()].map((store) => store.get(urlOf(request))).find(Boolean)),
  }
  const self = { location: { origin: home }, clients: { claim: () => Promise.resolve() }, addEventListener: (name: string, handler: Handler) => void (handlers[name] = handler) }
  runInContext(workerOf(['/offline', '/ui/assets/a.js'], '<html>'), createContext({ self, caches, fetch, URL, Response }))
})

async function happen(name: string, request?: Partial<Sent>): Promise<Response | undefined> {
  const waiting: Promise<unknown>[] = []
  let given: Promise<Response> | undefined
  const event = { request: { method: 'GET', mode: 'no-cors', url: '', ...request }, waitUntil: (work: Promise<unknown>) => void waiting.push(work), respondWith: (work: Promise<Response>) => void (given = work) }
  handlers[name]?.(event)
  const found = await given
  await Promise.all(waiting)
  return found
}
const ask = (path: string, over: Partial<Sent> = {}) => happen('fetch', { url: home + path, ...over })
const open = (path: string) => ask(path, { mode: 'navigate' })
const kept = (): string[] => [...stores.values()].flatMap((store) => [...store.keys()]).map((url) => url.slice(home.length)).sort()

it('keeps the program when it is installed, and only what is public of it', async () => {
  network = { '/offline': answer('没有网络', 'public, max-age=3600'), '/ui/assets/a.js': answer('a', 'no-store') }
  await happen('install')
  expect(kept()).toEqual(['/offline'])
  stores.set('wuji-program-of-yesterday', new Map())
  stores.set('of-somebody-else', new Map())
  await happen('activate')
  expect([...stores.keys()].some((name) => name.includes('yesterday'))).toBe(false)
  expect(stores.has('of-somebody-else')).toBe(true)
})

it('answers a page from the network, and says calmly when there is none', async () => {
  network = { '/offline': answer('没有网络', 'public, max-age=3600'), '/ui/assets/a.js': answer('a', forGood), '/3407': answer('铜陵市', 'no-cache') }
  await happen('install')
  expect(await (await open('/3407'))?.text()).toBe('铜陵市')
  expect(await (await open('/340722'))?.text()).toBe('没有网络')
  expect(kept()).toEqual(['/offline', '/ui/assets/a.js'])
  expect(await open('/console/3407')).toBeUndefined()
})

it('says that there is no network in the language of the last page', async () => {
  const speaking = (language: string, body: string) => (): Response => {
    const said = answer(body, 'public')()
    said.headers.set('Content-Language', language)
    return said
  }
  network = { '/offline': speaking('zh-CN', '没有网络'), '/ui/assets/a.js': answer('a', forGood), '/3407': speaking('en', 'Tongling') }
  await happen('install')
  network['/offline'] = speaking('en', 'no network')
  await open('/3407')
  asked = []
  await open('/3407')
  expect(asked).toEqual([`${home}/3407`])
  expect(await (await open('/340722'))?.text()).toBe('no network')
})

it('never has a hand in the API, in what is sent, or in what is not ours', async () => {
  network = { '/api/v1/me': answer('{}', 'public') }
  expect(await ask('/api/v1/me')).toBeUndefined()
  expect(await ask('/login', { method: 'POST', mode: 'navigate' })).toBeUndefined()
  expect(await happen('fetch', { url: 'https://elsewhere.test/x.js' })).toBeUndefined()
  expect([asked, kept()]).toEqual([[], []])
})

it('keeps public files that it meets: for good from here, others as long as there is no network', async () => {
  network = { '/ui/assets/b.js': answer('b', forGood), '/3407/theme.css': answer('theme', 'public, max-age=300'), '/3407/file': answer('mine', 'private, max-age=60'), '/broken.js': answer('', 'public', 500) }
  for (const path of Object.keys(network)) await ask(path)
  expect(kept()).toEqual(['/3407/theme.css', '/ui/assets/b.js'])
  asked = []
  expect(await (await ask('/ui/assets/b.js'))?.text()).toBe('b')
  expect(asked).toEqual([])
  network = {}
  expect(await (await ask('/3407/theme.css'))?.text()).toBe('theme')
  await expect(ask('/3407/file')).rejects.toThrow('no connection')
})

it('forgets at logout what it met, and keeps the program', async () => {
  network = { '/offline': answer('没有网络', 'public'), '/ui/assets/a.js': answer('a', forGood), '/3407/theme.css': answer('theme', 'public') }
  await happen('install')
  await ask('/3407/theme.css')
  await ask('/api/v1/session', { method: 'DELETE' })
  expect(kept()).toEqual(['/offline', '/ui/assets/a.js'])
})

it('is another one for every build', () => {
  const version = (files: string[], page: string): string => workerOf(files, page).split('\n')[0] ?? ''
  expect(new Set([version(['/a'], 'x'), version(['/b'], 'x'), version(['/a'], 'y')]).size).toBe(3)
  expect(version(['/a'], 'x')).toBe(version(['/a'], 'x'))
})
