import { flushPromises } from '@vue/test-utils'
import { afterEach, expect, it, vi } from 'vitest'
import { mountInPlugin } from '@wuji/testing'
import texts from '../../locales/zh-CN.json'
import SlotsPage from './SlotsPage.vue'

afterEach(() => vi.unstubAllGlobals())

it('asks for the quarter hours of this station, from the beginning of one day to the end of another', async () => {
  const asked: URL[] = []
  const slot = { starts_at: new Date(2026, 6, 1, 8, 15).toISOString(), present: 12.25, most: 15, entered: 4, left: 2, covered_seconds: 840 }
  vi.stubGlobal('fetch', (request: Request) => {
    const url = new URL(request.url)
    asked.push(url)
    const body = url.pathname.endsWith('/slots') ? { items: [slot], next: null, total: { value: 1, capped: false } } : { id: 's1', name: '莲花湖驿站' }
    return Promise.resolve(new Response(JSON.stringify(body), { status: 200, headers: { 'Content-Type': 'application/json' } }))
  })
  const shown = await mountInPlugin(SlotsPage, { id: 'station_watch', texts, path: 'stations/s1/slots?since=2026-07-01&until=2026-07-02', params: { id: 's1' } })
  await flushPromises()
  const query = asked.find(({ pathname }) => pathname.endsWith('/slots'))?.searchParams
  expect(Object.fromEntries(query ?? [])).toMatchObject({ station_id: 's1', since: new Date(2026, 6, 1).toISOString(), until: new Date(2026, 6, 2, 23, 59, 59).toISOString() })
  expect(shown.text()).toContain('莲花湖驿站每一刻钟')
  expect(shown.get('tbody').text()).toMatch(/8:15.*12\.3.*15.*4.*2.*14/s)
  shown.unmount()
})
