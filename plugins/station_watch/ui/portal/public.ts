// Stations as residents see them: how busy in words and steps, never a head count.
import { type Level, type Place } from '@wuji/sdk'
import { type ClosedDay, type Hours } from '../hours'

/** 1: hardly anybody … 5: full. Null: nobody knows now. */
export type Busy = number | null

export interface PublicStation {
  id: string
  name: string
  kind: string
  address: string
  longitude: number | null
  latitude: number | null
  phone: string
  services: string[]
  capacity: number
  open_now: boolean
  opens_at: string | null
  closes_at: string | null
  level: Busy
  /** Only from ten people on. */
  present: number | null
}

export interface StationLine extends PublicStation {
  tenant: string
  tenant_name: string
  tenant_level: Level
}

export interface TypicalDay {
  /** 1 is Monday. */
  weekday: number
  hours: { hour: number; level: Busy }[]
}

export interface StationPage extends PublicStation {
  hours: Hours
  closed_on: ClosedDay[]
  closed_reason: string
  words: string
  tenant: Place
  typical: TypicalDay[]
  best: string
}

/** What a live page is told of one station. */
export interface BusyNow {
  step: Busy
  open_now: boolean
}

/** Hours of a day in which it is fullest, as runs of neighbouring hours. */
export function fullest(hours: TypicalDay['hours']): { from: number; until: number }[] {
  const most = Math.max(0, ...hours.map(({ level }) => level ?? 0))
  if (most < 2) return []
  const runs: { from: number; until: number }[] = []
  for (const { hour, level } of hours) {
    const last = runs[runs.length - 1]
    if (level !== most) continue
    if (last?.until === hour) last.until = hour + 1
    else runs.push({ from: hour, until: hour + 1 })
  }
  return runs
}
