import { expect, it } from 'vitest'
import { curlOf, lookOf, valuesSaid } from './devices'

const say = (key: string, values: Record<string, unknown> = {}): string => `${key.split('.').pop() ?? ''} ${String(values['value'])}`

it('says what a device last said, and of its battery only that it is low', () => {
  expect(valuesSaid({ kind: 'climate', last_values: { humidity: 61, temperature: 27.44, battery: 90 } }, say)).toEqual(['temperature 27.4', 'humidity 61'])
  expect(valuesSaid({ kind: 'counter', last_values: { out: 0, in: 1234, battery: 9 } }, say)).toEqual(['in 1,234', 'out 0', 'battery 9'])
})

it('tells a new device from a silent one', () => {
  expect(lookOf({ state: 'active', silent: true, last_at: null })).toBe('new')
  expect(lookOf({ state: 'active', silent: true, last_at: '2026-07-23T00:00:00Z' })).toBe('silent')
  expect(lookOf({ state: 'revoked', silent: true, last_at: null })).toBe('revoked')
})

it('writes a call that can be pasted as it stands', () => {
  const secret = { device: { measures: ['in', 'out'] }, token: 'wuji_device_x', push_path: '/api/v1/tenants/340722/station_watch/readings' }
  const curl = curlOf(secret, 'https://wuji.example', new Date('2026-07-23T08:30:12.345Z'))
  expect(curl).toContain("'https://wuji.example/api/v1/tenants/340722/station_watch/readings'")
  expect(curl).toContain("'Authorization: Bearer wuji_device_x'")
  expect(JSON.parse(/-d '(.*)'/.exec(curl)?.[1] ?? '')).toEqual({ sent_at: '2026-07-23T08:30:12Z', readings: [{ measure: 'in', at: '2026-07-23T08:30:12Z', value: 3 }] })
})
