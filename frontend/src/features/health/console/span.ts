// A span of time in its one largest unit: 45 seconds, 3 minutes, 2 hours, 4 days.

export interface Span {
  unit: 'seconds' | 'minutes' | 'hours' | 'days'
  count: number
}

export function spanOf(seconds: number): Span {
  if (seconds < 90) return { unit: 'seconds', count: Math.round(seconds) }
  if (seconds < 90 * 60) return { unit: 'minutes', count: Math.round(seconds / 60) }
  if (seconds < 36 * 3600) return { unit: 'hours', count: Math.round(seconds / 3600) }
  return { unit: 'days', count: Math.round(seconds / 86400) }
}
