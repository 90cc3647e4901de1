// Stations as officials see them: what the API gives, and what follows from it for a page.
import { type Level } from '@wuji/sdk'

export type StationState = 'open' | 'paused' | 'closed'

export interface StationRow {
  id: string
  name: string
  kind: string
  state: StationState
  address: string
  longitude: number | null
  latitude: number | null
  capacity: number
  present: number | null
  /** Of the capacity, in per cent. */
  share: number | null
  entered_today: number
  open_now: boolean
  as_of: string | null
  devices: number
  silent: number
  alarms: number
  tenant: string
  tenant_name: string
  tenant_level: Level
}

export interface Overview {
  stations: number
  open: number
  present: number
  capacity: number
  share: number | null
  entered_today: number
  alarms: number
  silent: number
  over: number
  as_of: string | null
}

export interface StationNow {
  present: number | null
  capacity: number
  share: number | null
  entered_today: number | null
  left_today: number | null
  open_now: boolean
  opens_at: string | null
  closes_at: string | null
  closed_reason: string
  as_of: string | null
  words: string
  level: number | null
  state: StationState
}

export interface Slot {
  at: string
  present: number | null
}

export interface StationDay {
  on: string
  slots: (Slot & { most: number | null; entered: number; left: number })[]
  last_week: Slot[]
  hours: (readonly [string, string])[]
  closed_reason: string
  capacity: number
}

export interface Expected {
  at: string
  p50: number
  low: number | null
  high: number | null
}

/** How far off forecasts were, in people. */
export interface Errors {
  mae: number | null
  naive_mae: number | null
  /** Per cent nearer than the same time last week; negative where it is further off. */
  better: number | null
  samples: number
}

/** All stations of a place as if they were one. */
export interface PlaceDay extends Errors {
  on: string
  slots: Slot[]
  last_week: Slot[]
  forecast: Expected[]
}

export interface Forecast extends Errors {
  made_at: string
  slots: Expected[]
  peak: { at: string; present: number } | null
}

export interface StationWeek {
  since: string | null
  until: string | null
  days: { weekday: number; hours: { hour: number; present: number | null }[] }[]
  capacity: number
  computed_at: string | null
}

export type Tone = 'ok' | 'warn' | 'bad'

/** How full, for the colour beside the number: from four fifths on it is worth a look. */
export function toneOf(share: number | null): Tone {
  if (share === null || share < 80) return 'ok'
  return share > 100 ? 'bad' : 'warn'
}
