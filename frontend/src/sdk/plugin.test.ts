// What a plugin's page reads and sends, as it stands at a tenant.
import { flushPromises } from '@vue/test-utils'
import { afterEach, expect, it, vi } from 'vitest'
import { html, Problem, useAnswer, useApi, useList, useListState, usePlugin } from './index'
import { mountInPlugin } from './testing'

interface Row {
  id: string
}

const asked: { method: string; url: string; ifMatch: string | null; body: string }[] = []
async function answer(request: Request): Promise<Response> {
  const { pathname, search } = new URL(request.url)
  asked.push({ method: request.method, url: pathname + search, ifMatch: request.headers.get('If-Match'), body: await request.text() })
  const headers = { 'Content-Type': 'application/json', ETag: '"7"' }
  return new Response(JSON.stringify({ items: [{ id: 'a' }], next: null, total: { value: 1, capped: false } }), { headers })
}

afterEach(() => {
  asked.length = 0
  vi.unstubAllGlobals()
})

async function stand<Found>(setup: () => Found, path = 'rows?q=%E7%A8%BB'): Promise<Found> {
  vi.stubGlobal('fetch', answer)
  let found: Found | undefined
  const Page = { setup: () => { found = setup(); return () => html`<p></p>` } }
  await mountInPlugin(Page, { id: 'probe', surface: 'portal', path, permissions: ['probe.row.edit'] })
  await flushPromises()
  return found as Found
}

it('reads below its own part of the API, with the version that a change gives back', async () => {
  const { row, api } = await stand(() => ({ row: useAnswer<{ items: Row[] }>('rows/1', { query: { full: true } }), api: useApi() }))
  expect([row.data.value?.items, row.version.value, row.isPending.value]).toEqual([[{ id: 'a' }], 7, false])
  await api.put('/rows/1', { name: '新' }, { version: row.version.value })
  expect(asked).toEqual([
    { method: 'GET', url: '/api/v1/tenants/340722/probe/rows/1?full=true', ifMatch: null, body: '' },
    { method: 'PUT', url: '/api/v1/tenants/340722/probe/rows/1', ifMatch: '"7"', body: '{"name":"新"}' },
  ])
})

it('reads a list as the address asks for it', async () => {
  const list = await stand(() => useList<Row>({ path: 'rows', state: useListState({ limit: 20 }), query: { mine: true } }))
  expect(list.rows.value).toEqual([{ id: 'a' }])
  expect(asked[0]?.url).toBe('/api/v1/tenants/340722/probe/rows?mine=true&q=%E7%A8%BB&limit=20')
})

it('knows where it stands and leads to its own pages alone', async () => {
  const { to, may, login, query, surface } = await stand(usePlugin)
  expect([to(''), to('/rows/2')]).toEqual(['/340722/x/probe', '/340722/x/probe/rows/2'])
  expect([may('probe.row.edit'), may('probe.row.add')]).toEqual([true, false])
  expect([surface, query.value['q']]).toEqual(['portal', '稻'])
  expect(login.value).toBe(`/login?next=${encodeURIComponent('/340722/x/probe/rows?q=%E7%A8%BB')}`)
})

it('tells how far an upload has come, and what the server refuses', async () => {
  const shares: number[] = []
  const file = new Blob(['x'])
  const opened = vi.fn()
  let status = 201
  class Sender {
    upload: { onprogress?: (event: { loaded: number; total: number }) => void } = {}
    onload?: () => void
    status = status
    statusText = ''
    responseText = JSON.stringify(status === 201 ? { id: 'p1' } : { type: 'x', title: '太大', detail: '图片最大 10 MB。', status })
    open = opened
    setRequestHeader = vi.fn()
    getResponseHeader = (name: string) => (name === 'Content-Type' ? 'application/json' : null)
    send(body: unknown): void {
      expect(body).toBe(file)
      this.upload.onprogress?.({ loaded: 1, total: 4 })
      this.onload?.()
    }
  }
  const api = await stand(useApi)
  vi.stubGlobal('XMLHttpRequest', Sender)
  const upload = { file, query: { name: '稻田.jpg' }, progress: (share: number) => shares.push(share) }
  expect(await api.upload('pictures', upload)).toEqual({ id: 'p1' })
  expect(shares).toEqual([0.25])
  expect(opened).toHaveBeenCalledWith('POST', '/api/v1/tenants/340722/probe/pictures?name=%E7%A8%BB%E7%94%B0.jpg')
  status = 413
  const refused = await api.upload('pictures', upload).catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(Problem)
  expect((refused as Problem).message).toBe('图片最大 10 MB。')
})
