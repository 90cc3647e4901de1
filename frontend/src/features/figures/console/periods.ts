// Days, months and years by their first day, as the server has them: text of the form 2026-07-23, free of time zones.
import { currentLocale } from '@/shared/i18n/i18n'

export const periods = ['day', 'month', 'year'] as const
export type Period = (typeof periods)[number]

/** How many a trend shows. */
const shown: Record<Period, number> = { day: 31, month: 24, year: 10 }
const glimpsed: Record<Period, number> = { day: 14, month: 12, year: 5 }

const dateOf = (day: string): Date => new Date(`${day}T00:00:00Z`)
const dayOf = (date: Date): string => date.toISOString().slice(0, 10)

/** The first day of the period that the day lies in. */
export function start(period: Period, day: string): string {
  return period === 'day' ? day : `${day.slice(0, period === 'year' ? 4 : 7)}${period === 'year' ? '-01' : ''}-01`
}

/** The start of the one that lies so many later, or earlier. */
export function moved(period: Period, day: string, by: number): string {
  const date = dateOf(start(period, day))
  if (period === 'day') date.setUTCDate(date.getUTCDate() + by)
  else if (period === 'month') date.setUTCMonth(date.getUTCMonth() + by)
  else date.setUTCFullYear(date.getUTCFullYear() + by)
  return dayOf(date)
}

export function trend(period: Period, last: string, isGlimpse = false): { period: Period; first: string; last: string } {
  return { period, first: moved(period, last, 1 - (isGlimpse ? glimpsed : shown)[period]), last }
}

const forms: Record<Period, Intl.DateTimeFormatOptions> = {
  day: { year: 'numeric', month: 'short', day: 'numeric' },
  month: { year: 'numeric', month: 'short' },
  year: { year: 'numeric' },
}

/** 2026年7月23日, 2026年7月, 2026年. */
export function sayPeriod(period: Period, day: string): string {
  return new Intl.DateTimeFormat(currentLocale() === 'en' ? 'en-GB' : 'zh-CN', { ...forms[period], timeZone: 'UTC' }).format(dateOf(day))
}

/** For the axis of a chart: 07-23, 2026-07, 2026. */
export function axisPeriod(period: Period, day: string): string {
  if (period === 'day') return day.slice(5)
  return day.slice(0, period === 'month' ? 7 : 4)
}

export const isDay = (text: string): boolean => /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(dateOf(text).getTime()) && dayOf(dateOf(text)) === text
