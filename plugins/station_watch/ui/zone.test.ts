import { flushPromises } from '@vue/test-utils'
import { expect, it } from 'vitest'
import { mountInPlugin } from '@wuji/testing'
import { html } from '@wuji/sdk'
import texts from '../locales/zh-CN.json'
import { foreignZone, momentOf, useZone, wallAt } from './zone'
import { useWords } from './words'
import ZoneNote from './ZoneNote.vue'

it('reads the wall of another place', () => {
  const at = new Date('2026-07-23T17:30:00Z')
  expect(wallAt(at, 'Asia/Shanghai')).toEqual({ date: '2026-07-24', hour: 1, weekday: 5 })
  expect(wallAt(at, 'America/New_York')).toEqual({ date: '2026-07-23', hour: 13, weekday: 4 })
})

it('finds the moment that a wall elsewhere says, over a change of the clock too', () => {
  expect(momentOf('2026-07-23T00:00:00', 'Asia/Shanghai')).toBe('2026-07-22T16:00:00.000Z')
  expect(momentOf('2026-03-29T00:00:00', 'Europe/Berlin')).toBe('2026-03-28T23:00:00.000Z')
  expect(momentOf('2026-03-29T23:59:59', 'Europe/Berlin')).toBe('2026-03-29T21:59:59.000Z')
  expect(momentOf('2026-07-23T00:00:00')).toBe(new Date('2026-07-23T00:00:00').toISOString())
})

it('names a zone only where its clocks differ', () => {
  const now = new Date('2026-07-23T09:00:00Z')
  expect([foreignZone(undefined, now), foreignZone(Intl.DateTimeFormat().resolvedOptions().timeZone, now)]).toEqual([undefined, undefined])
  expect(foreignZone('Pacific/Kiritimati', now)).toBe('莱恩群岛时间')
})

it('says times as the place has them', async () => {
  const at = '2026-07-23T17:30:00Z'
  const Page = { setup: () => { const [{ clockSaid, shortSaid }, { agoSaid }] = [useZone(), useWords()]; return () => html`<p>${clockSaid(at)} ${shortSaid(at)} ${agoSaid(at, new Date('2026-07-30T00:00:00Z'))}<${ZoneNote} /></p>` } }
  const page = await mountInPlugin(Page, { id: 'station_watch', texts, zone: 'Pacific/Kiritimati' })
  await flushPromises()
  expect(page.text()).toBe('07:30 07-24 07-24时间都按莱恩群岛时间。')
  page.unmount()
})
