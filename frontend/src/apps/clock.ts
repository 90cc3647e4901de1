// The time of the place that a screen or TV is about. It hangs for weeks: the day turns while nobody touches it.
import { computed, onScopeDispose, ref, type MaybeRefOrGetter, toValue } from 'vue'
import { currentLocale } from '@/shared/i18n/i18n'

const second = 1000

const form = (options: Intl.DateTimeFormatOptions, timeZone: string): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat(currentLocale() === 'en' ? 'en-GB' : 'zh-CN', { ...options, timeZone })

/** The day as 2026-07-23, where that zone is. */
export function dayIn(zone: string, at: Date): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: zone }).format(at)
}

export const timeIn = (zone: string, at: Date): string => form({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }, zone).format(at)

export function useClock(zone: MaybeRefOrGetter<string>) {
  const now = ref(new Date())
  const timer = setInterval(() => (now.value = new Date()), second)
  onScopeDispose(() => clearInterval(timer))
  const at = (options: Intl.DateTimeFormatOptions) => computed(() => form(options, toValue(zone)).format(now.value))
  return {
    day: computed(() => dayIn(toValue(zone), now.value)),
    time: computed(() => timeIn(toValue(zone), now.value)),
    monthDay: at({ month: 'long', day: 'numeric' }),
    date: at({ year: 'numeric', month: 'long', day: 'numeric' }),
    weekday: at({ weekday: 'long' }),
  }
}
