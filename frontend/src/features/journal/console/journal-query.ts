// The address has days, the server asks for moments: from the beginning of one day to the end of another.
import type { ListQuery } from '@/shared/list/list-state'
import { startOfDay } from '@/shared/i18n/dates'

const isDay = (value: unknown): value is string => typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value)

export function momentsOf(query: ListQuery): ListQuery {
  const { since, until, ...rest } = query
  const next = isDay(until) ? new Date(new Date(startOfDay(until)).getTime() + 86_400_000).toISOString() : undefined
  return { ...rest, ...(isDay(since) && { since: startOfDay(since) }), ...(next !== undefined && { until: next }) }
}
