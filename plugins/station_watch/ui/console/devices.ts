// Devices of a station as the API gives them, and how what they last said reads.
import { formatNumber } from '@wuji/sdk'
import { type Tone } from '../stations'

export const measures = {
  counter: ['in', 'out', 'battery'],
  occupancy: ['present', 'battery'],
  climate: ['temperature', 'humidity', 'co2', 'battery'],
} as const
export type DeviceKind = keyof typeof measures
export const deviceKinds = Object.keys(measures) as DeviceKind[]

export interface Device {
  id: string
  station_id: string
  name: string
  kind: DeviceKind
  measures: string[]
  interval_seconds: number
  state: 'active' | 'revoked'
  silent: boolean
  registered_at: string
  revoked_at: string | null
  last_at: string | null
  last_received_at: string | null
  last_values: Record<string, number>
  skew_seconds: number
  gaps: number
  repeated: number
  conflicts: number
  rejected: number
}

/** Shown this once. */
export interface DeviceSecret {
  device: Device
  token: string
  push_path: string
  /** Until when the token before this one still works. */
  old_until: string | null
}

type Say = (key: string, values?: Record<string, unknown>) => string

export type DeviceLook = 'revoked' | 'new' | 'silent' | 'online'

export function lookOf(device: Pick<Device, 'state' | 'silent' | 'last_at'>): DeviceLook {
  if (device.state === 'revoked') return 'revoked'
  if (device.silent && device.last_at !== null) return 'silent'
  return device.last_at === null ? 'new' : 'online'
}
export const toneOfLook: Record<DeviceLook, Tone | undefined> = { revoked: undefined, new: undefined, silent: 'bad', online: 'ok' }

/** What it said last, in the order in which its kind measures; a battery only while it is low. */
export function valuesSaid({ kind, last_values: values }: Pick<Device, 'kind' | 'last_values'>, say: Say): string[] {
  const low = 20
  return measures[kind].flatMap((measure) => {
    const value = values[measure]
    if (value === undefined || (measure === 'battery' && value > low)) return []
    return [say(`ui.device.value.${measure}`, { value: formatNumber(Math.round(value * 10) / 10) })]
  })
}

const examples: Partial<Record<string, number>> = { in: 3, out: 1, present: 12, temperature: 26.5, humidity: 60, co2: 650, battery: 90 }

/** A call that a person can paste and that is taken as it stands. */
export function curlOf({ device, token, push_path: path }: Pick<DeviceSecret, 'token' | 'push_path'> & { device: Pick<Device, 'measures'> }, origin: string, now: Date): string {
  const at = `${now.toISOString().slice(0, 19)}Z`
  const measure = device.measures[0] ?? 'present'
  const body = JSON.stringify({ sent_at: at, readings: [{ measure, at, value: examples[measure] ?? 1 }] })
  return [`curl -X POST '${origin}${path}'`, `  -H 'Authorization: Bearer ${token}'`, "  -H 'Content-Type: application/json'", `  -d '${body}'`].join(' \\\n')
}
