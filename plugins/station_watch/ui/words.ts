// How the pages say weeks, spans of time and how full it is.
import { formatNumber, useTexts } from '@wuji/sdk'
import { onScopeDispose, readonly, ref, type Ref } from 'vue'
import { days, hoursAWeek, periodSaid, runsOf, timeSaid, type Hours, type Period } from './hours'
import { useZone } from './zone'

const minute = 60
const hour = 3600
const day = 86_400

/** Seconds since then; what a clock ahead of ours says is now. */
export const secondsSince = (at: string, now: Date): number => Math.max(0, Math.round((now.getTime() - new Date(at).getTime()) / 1000))

/** The time of this device, moving on as long as the page stands. */
export function useNow(everySeconds = 5): Readonly<Ref<Date>> {
  const now = ref(new Date())
  const timer = setInterval(() => (now.value = new Date()), everySeconds * 1000)
  onScopeDispose(() => clearInterval(timer))
  return readonly(now)
}

export function useWords() {
  const { t } = useTexts()
  const { clockSaid, shortSaid, wall } = useZone()
  const and = (parts: readonly string[]): string => parts.join(t('ui.and'))
  const periodsSaid = (periods: readonly Period[]): string => (periods.length === 0 ? t('ui.hours.shut') : and(periods.map(periodSaid)))
  return {
    and,
    periodsSaid,
    /** Monday to Friday 8:00–18:00; Saturday closed. 50 hours a week. */
    weekSaid: (hours: Hours): string => {
      const total = hoursAWeek(hours)
      if (!(total > 0)) return t('ui.hours.none')
      const said = runsOf(hours).map(({ from, until, periods }) => {
        const name = from === until ? t(`ui.day.${from}`) : t('ui.hours.days', { from: t(`ui.day.${from}`), until: t(`ui.day.${until}`) })
        return t('ui.hours.run', { days: name, periods: periodsSaid(periods) })
      })
      return t('ui.hours.week', { runs: said.join(t('ui.hours.semicolon')), hours: formatNumber(total) })
    },
    /** 18:00 today, tomorrow 8:00, Monday 8:00. What ends at midnight ends today. */
    momentSaid: (at: string, isEnd = false): string => {
      const then = wall(new Date(at))
      const time = timeSaid(clockSaid(at))
      const ahead = (Date.parse(then.date) - Date.parse(wall(new Date()).date)) / (day * 1000)
      if (ahead === 0) return time
      if (isEnd && ahead === 1 && time === '0:00') return '24:00'
      return t('ui.moment', { day: ahead === 1 ? t('ui.tomorrow') : t(`ui.day.${days[then.weekday - 1] ?? 'mon'}`), time })
    },
    agoSaid: (at: string, now: Date): string => {
      const seconds = secondsSince(at, now)
      if (seconds < minute) return t('ui.ago.seconds', { count: seconds })
      if (seconds < hour) return t('ui.ago.minutes', { count: Math.floor(seconds / minute) })
      return seconds < day ? t('ui.ago.hours', { count: Math.floor(seconds / hour) }) : shortSaid(at)
    },
  }
}
