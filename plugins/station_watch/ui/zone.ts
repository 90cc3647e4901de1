// Times of a station are those of its place: it opens, and people are counted, where its root has its clock, whoever reads.
import { currentLocale, formatShort, formatTime, usePlugin } from '@wuji/sdk'
import { computed } from 'vue'

/** What calendar and clock on a wall say. */
export interface Wall {
  /** As 2026-07-23. */
  date: string
  hour: number
  /** 1 is Monday. */
  weekday: number
}

const inZone = (zone: string | undefined) => (zone === undefined ? {} : { timeZone: zone })
const written = (at: Date, zone: string | undefined): string => new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'medium', ...inZone(zone) }).format(at)

/** Without a zone: on the wall of whoever reads. */
export function wallAt(at: Date, zone?: string): Wall {
  const [date = '', time = ''] = written(at, zone).split(' ')
  return { date, hour: Number(time.slice(0, 2)), weekday: ((new Date(`${date}T12:00:00Z`).getUTCDay() + 6) % 7) + 1 }
}

/** How far the wall there is ahead of universal time. */
const aheadOf = (at: number, zone: string): number => Date.parse(`${written(new Date(at), zone).replace(' ', 'T')}Z`) - at

/** The moment at which the wall there says this, as 2026-07-23T00:00:00; before and after a clock is put on, the zone has two answers. */
export function momentOf(said: string, zone?: string): string {
  if (zone === undefined) return new Date(said).toISOString()
  const there = Date.parse(`${said}Z`)
  const near = there - aheadOf(there, zone)
  return new Date(there - aheadOf(near, zone)).toISOString()
}

/** How the zone is called, where its clocks do not say what the reader's says. */
export function foreignZone(zone: string | undefined, now: Date): string | undefined {
  if (zone === undefined || written(now, zone) === written(now, undefined)) return undefined
  const parts = new Intl.DateTimeFormat(currentLocale() === 'en' ? 'en-GB' : 'zh-CN', { timeZone: zone, timeZoneName: 'long' }).formatToParts(now)
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? zone
}

export function useZone() {
  const { zone } = usePlugin()
  return {
    zone,
    /** 09:05 */
    clockSaid: (at: string): string => formatTime(at, 'time', zone.value),
    /** 07-23 */
    shortSaid: (at: string): string => formatShort(at, zone.value),
    wall: (at: Date): Wall => wallAt(at, zone.value),
    isToday: (at: string): boolean => wallAt(new Date(at), zone.value).date === wallAt(new Date(), zone.value).date,
    foreign: computed(() => foreignZone(zone.value, new Date())),
  }
}
