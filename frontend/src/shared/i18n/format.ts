// Dates and figures as look.md writes them: 7月23日 and 23 Jul, 09-24 in tables, 1,000+ for a capped total.
import { currentLocale } from './i18n'

export interface Total {
  value: number
  /** True when there are more than `value`. */
  capped: boolean
}

export function formatNumber(value: number): string {
  return new Intl.NumberFormat('en').format(value)
}

export function formatTotal({ value, capped }: Total): string {
  return capped ? `${formatNumber(value)}+` : formatNumber(value)
}

/** Size of a file: 820 KB, 3.2 MB. */
export function formatSize(bytes: number): string {
  const kilobytes = bytes / 1000
  const [size, unit] = kilobytes < 1000 ? [Math.max(1, Math.round(kilobytes)), 'KB'] : [Math.round(kilobytes / 100) / 10, 'MB']
  return `${formatNumber(size)} ${unit}`
}

const parts: Record<'day' | 'date' | 'time', Intl.DateTimeFormatOptions> = {
  day: { month: 'short', day: 'numeric' },
  date: { year: 'numeric', month: 'short', day: 'numeric' },
  time: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
}

/** Times are shown in the time zone of the reader's device unless the tenant's is given. */
export function formatTime(at: string, form: 'day' | 'date' | 'time' = 'date', timeZone?: string): string {
  const locale = currentLocale() === 'en' ? 'en-GB' : 'zh-CN'
  return new Intl.DateTimeFormat(locale, { ...parts[form], ...(timeZone === undefined ? {} : { timeZone }) }).format(new Date(at))
}

/** A day in full, with its weekday: 7月23日星期四, Thursday 23 July. */
export function formatDay(day: Date): string {
  const locale = currentLocale() === 'en' ? 'en-GB' : 'zh-CN'
  return new Intl.DateTimeFormat(locale, { month: 'long', day: 'numeric', weekday: 'long' }).format(day)
}

/** Month and day for the narrow column of a table. */
export function formatShort(at: string, timeZone?: string): string {
  const zone = timeZone === undefined ? {} : { timeZone }
  return new Intl.DateTimeFormat('en-US', { month: '2-digit', day: '2-digit', ...zone }).format(new Date(at)).replace('/', '-')
}
