import { flushPromises } from '@vue/test-utils'
import { afterEach, expect, it, vi } from 'vitest'
import { mountInPlugin } from '@wuji/testing'
import texts from '../../locales/zh-CN.json'
import { alarmNote, ruleSaid, type Alarm } from './alarms'
import AlarmsCard from './AlarmsCard.vue'

const alarm: Alarm = {
  id: 'a1', kind: 'silent', measure: '', bound: 5, value: 38, since: '2026-07-23T07:52:00Z', opened_at: '2026-07-23T07:57:00Z', state: 'open', station_id: 's1', station: '莲花湖驿站', device: '2 号计数器', told_name: '枞阳镇', told_level: 3,
  taken_role: null, taken_name: null, taken_by: null, taken_at: null, note: '', result: '', closed_at: null, by_itself: false, tenant: '340722001', tenant_name: '莲花湖社区', tenant_level: 4,
}
const say = (key: string, values: Record<string, unknown> = {}): string => [key.split('.').slice(-2).join('.'), ...Object.values(values).filter((value) => value !== '')].join(' ')
afterEach(() => vi.unstubAllGlobals())

it('says who has an alarm: the name to those who may know it, role and place to others', () => {
  const taken: Alarm = { ...alarm, state: 'taken', taken_role: { 'zh-CN': '负责人', en: 'Head' }, taken_name: '枞阳镇' }
  expect(alarmNote(taken, (_key, values) => String(values?.['who']))).toBe('枞阳镇 负责人')
  expect(alarmNote({ ...taken, taken_by: '章立新' }, (_key, values) => String(values?.['who']))).toBe('章立新')
})

it('says a rule as one sentence', () => {
  const rule = { kind: 'reading' as const, measure: 'temperature' as const, share: null, low: null, high: 30, minutes: 10, escalate_minutes: 30 }
  expect(ruleSaid(rule, say)).toBe('says.reading 0 10 measure.temperature rule.above value.temperature 30rule.escalates 30')
  expect(ruleSaid({ ...rule, kind: 'full', minutes: 0, share: 90, escalate_minutes: null }, say)).toContain('says.full_now 90')
})

it('offers what is open to whoever may handle it, and shows who was faster', async () => {
  const sent: string[] = []
  vi.stubGlobal('fetch', (request: Request) => {
    sent.push(`${request.method} ${new URL(request.url).pathname.split('/station_watch/')[1] ?? ''}`)
    const taken = { type: 'urn:x', title: '已经有人在处理', detail: '枞阳镇负责人先接手了。', status: 409 }
    const body = request.method === 'GET' ? { items: [alarm], next: null, total: { value: 1, capped: false } } : taken
    return Promise.resolve(new Response(JSON.stringify(body), { status: request.method === 'GET' ? 200 : 409, headers: { 'Content-Type': 'application/json' } }))
  })
  const card = await mountInPlugin(AlarmsCard, { id: 'station_watch', texts, path: 'stations/s1', permissions: ['station_watch.alarm.handle'], props: { stationId: 's1' } })
  await flushPromises()
  expect(card.get('.w-alarm').text()).toContain('2 号计数器离线')
  await card.get('.w-alarm .w-btn').trigger('click')
  await flushPromises()
  document.querySelector('[role="dialog"] form')?.dispatchEvent(new Event('submit', { cancelable: true }))
  await vi.waitFor(() => expect(document.querySelector('[role="dialog"]')?.textContent).toContain('枞阳镇负责人先接手了'))
  expect(sent).toContain('POST alarms/a1/take')
  card.unmount()
})
