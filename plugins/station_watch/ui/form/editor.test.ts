import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { mountInPlugin } from '@wuji/testing'
import texts from '../../locales/zh-CN.json'
import { bodyOf, pairOf, typedOf, type Station } from './station'
import StationEditor from './StationEditor.vue'

const station: Station = {
  id: 's1', name: '莲花湖驿站', kind: 'courier', state: 'open', address: '湖滨路 1 号', phone: '0562-1234567', services: ['rest'], hours: { mon: [['08:00', '21:00']] }, closed_on: [], public: true, longitude: 117.8, latitude: 30.9, capacity: 80,
  tenant: { code: '340722001', name: '莲花湖社区', level: 4 }, may: ['edit', 'devices'],
}
let status = 200
const sent: { method: string; body: Record<string, unknown>; ifMatch: string | null }[] = []
async function answer(request: Request): Promise<Response> {
  const headers = { 'Content-Type': 'application/json', ETag: '"7"' }
  if (request.method === 'GET') return new Response(JSON.stringify(station), { headers })
  sent.push({ method: request.method, body: (await request.json()) as Record<string, unknown>, ifMatch: request.headers.get('If-Match') })
  const refused = { type: 'urn:x', title: '有内容要改', status, errors: [{ pointer: '#/capacity', message: '填 1 到 100000 之间的数。' }] }
  return new Response(JSON.stringify(status === 200 ? station : refused), { status, headers })
}
beforeEach(() => {
  status = 200
  sent.length = 0
  vi.stubGlobal('fetch', answer)
})
afterEach(() => vi.unstubAllGlobals())
async function open() {
  const page = await mountInPlugin(StationEditor, { id: 'station_watch', texts, path: 'stations/s1/edit', params: { id: 's1' } })
  await flushPromises()
  return page
}

it('copies a day to the whole week and sends it in order, with the version that was read', async () => {
  const page = await open()
  expect(page.get('#station-hours-said').text()).toContain('周一 8:00–21:00')
  await page.get('.sw-day button[aria-label="周一再加一段"]').trigger('click')
  const times = page.findAll('.sw-day')[0]?.findAll('input') ?? []
  await times[2]?.setValue('06:00')
  await times[3]?.setValue('07:30')
  await page.get('form.sw-form').trigger('submit')
  await flushPromises()
  expect(sent[0]).toMatchObject({ method: 'PATCH', ifMatch: '"7"', body: { capacity: 80, hours: { mon: [['06:00', '07:30'], ['08:00', '21:00']] } } })
  page.unmount()
})

it('keeps what was typed and puts a refusal at its field', async () => {
  status = 422
  const page = await open()
  await page.get('#station-capacity').setValue('viele')
  await page.get('form.sw-form').trigger('submit')
  await flushPromises()
  expect(sent[0]?.body['capacity']).toBe('viele')
  expect(page.get('#station-capacity-error').text()).toContain('1 到 100000')
  expect((page.get('#station-capacity').element as HTMLInputElement).value).toBe('viele')
  page.unmount()
})

it('sends nothing while a day makes no sense', async () => {
  const page = await open()
  await page.findAll('.sw-day input')[1]?.setValue('07:00')
  await page.get('form.sw-form').trigger('submit')
  await flushPromises()
  expect(sent).toEqual([])
  expect(page.get('.w-errsum').text()).toContain('关门要晚于开门')
  page.unmount()
})

it('takes a pasted pair of coordinates apart', () => {
  expect(pairOf('117.8121, 30.9437')).toEqual({ longitude: '117.8121', latitude: '30.9437' })
  expect(pairOf('117.8121')).toBeNull()
  expect(bodyOf({ ...typedOf(null), longitude: ' ', latitude: '', capacity: '12' })).toMatchObject({ longitude: null, latitude: null, capacity: 12 })
})
