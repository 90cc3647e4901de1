// A station as it is read and as somebody types it.
import { type Place } from '@wuji/sdk'
import { days, minutesOf, periodsOf, type ClosedDay, type Hours } from '../hours'
import { type StationState } from '../stations'

export const kinds = ['courier', 'civic', 'service'] as const
export const states = ['open', 'paused', 'closed'] as const
export const services = [
  'rest', 'water', 'charging', 'toilet', 'heating', 'cooling', 'first_aid', 'reading', 'wifi', 'parcels', 'meals', 'legal_aid', 'counselling', 'government_affairs', 'nursing_room', 'volunteering',
] as const

interface Written {
  name: string
  kind: (typeof kinds)[number]
  state: StationState
  address: string
  phone: string
  services: string[]
  hours: Hours
  closed_on: ClosedDay[]
  public: boolean
}

export interface Station extends Written {
  id: string
  longitude: number | null
  latitude: number | null
  capacity: number
  tenant: Place
  may: ('edit' | 'devices')[]
}

/** Numbers stay what was typed until the server has taken them. */
export interface Typed extends Written {
  longitude: string
  latitude: string
  capacity: string
}

const asText = (value: number | null): string => (value === null ? '' : String(value))
/** What is no number goes as it is typed: the server says what is wrong with it. */
const asNumber = (text: string): number | string | null => {
  const trimmed = text.trim()
  if (trimmed === '') return null
  return Number.isFinite(Number(trimmed)) ? Number(trimmed) : trimmed
}

export function typedOf(station: Station | null): Typed {
  if (station === null) return { name: '', kind: 'courier', state: 'open', address: '', phone: '', services: [], hours: {}, closed_on: [], public: true, longitude: '', latitude: '', capacity: '' }
  const { name, kind, state, address, phone, hours, closed_on: closed } = station
  return { name, kind, state, address, phone, services: [...station.services], hours: { ...hours }, closed_on: closed.map((one) => ({ ...one })), public: station.public, longitude: asText(station.longitude), latitude: asText(station.latitude), capacity: asText(station.capacity) }
}

/** The server wants the periods of a day in their order; people type them as they come to mind. */
function inOrder(hours: Hours): Hours {
  return Object.fromEntries(days.map((day) => [day, [...periodsOf(hours, day)].sort((one, other) => minutesOf(one[0]) - minutesOf(other[0]))]))
}

export function bodyOf(typed: Typed) {
  return { ...typed, hours: inOrder(typed.hours), longitude: asNumber(typed.longitude), latitude: asNumber(typed.latitude), capacity: asNumber(typed.capacity) }
}

/** A copied pair such as "117.81, 30.94" is both numbers, whichever field it was pasted into. */
export function pairOf(text: string): { longitude: string; latitude: string } | null {
  const found = /^\s*(-?\d+(?:\.\d+)?)\s*[,，\s]\s*(-?\d+(?:\.\d+)?)\s*$/.exec(text)
  return found?.[1] !== undefined && found[2] !== undefined ? { longitude: found[1], latitude: found[2] } : null
}
