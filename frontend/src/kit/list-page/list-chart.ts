// What the groups of a list look like as a chart.
import type { Amount, Chart } from '../chart/chart'
import { currentLocale, t } from '@/shared/i18n/i18n'
import { withoutGaps, type Groups, type Look } from '@/shared/list/groups'

interface Bar {
  key: string
  name: string
  values: [Amount]
}

const forms: Record<'day' | 'month', Intl.DateTimeFormatOptions> = {
  day: { year: 'numeric', month: 'short', day: 'numeric', timeZone: 'UTC' },
  month: { year: 'numeric', month: 'short', timeZone: 'UTC' },
}

/** A day, month or year as the reader writes it. */
export function sayPeriod(value: string, per: Groups['per']): string {
  if (per === null || per === 'year') return value
  return new Intl.DateTimeFormat(currentLocale() === 'en' ? 'en-GB' : 'zh-CN', forms[per]).format(new Date(value))
}

/** What is counted: rows, or the sum of a column. */
export function measureOf({ of, sums }: Groups): string {
  return sums.find(({ name }) => name === of)?.said ?? t('kit.list_chart.count')
}

export function columnOf({ by, columns }: Groups): string {
  return columns.find(({ name }) => name === by)?.said ?? by
}

function barsOf(groups: Groups): Bar[] {
  const amount = ({ count, sum }: { count: number; sum: number | null }): Amount => (groups.of === null ? count : sum)
  const found = new Map(groups.groups.map((group) => [group.value, group]))
  const own = ({ value, said }: Groups['groups'][number]): string => (groups.per === null || value === null ? said : sayPeriod(value, groups.per))
  const known = groups.groups.flatMap(({ value }) => value ?? [])
  const rows = [...(groups.per === null ? known : withoutGaps(known)), ...(found.has(null) ? [null] : [])].map((value): Bar => {
    const group = found.get(value)
    const name = group ? own(group) : sayPeriod(value ?? '', groups.per)
    return { key: value ?? '', name, values: [group ? amount(group) : 0] }
  })
  if (groups.other === null) return rows
  const other: Bar = { key: '', name: t(groups.per === null ? 'kit.list_chart.other' : 'kit.list_chart.earlier', { count: groups.other.groups }), values: [amount(groups.other)] }
  return groups.per === null ? [...rows, other] : [other, ...rows]
}

/** Undefined where no row is there to be counted. A line has no place for what has no time. */
export function chartOf(groups: Groups, look: Look): Chart | undefined {
  if (groups.groups.length === 0) return undefined
  const scale = { head: columnOf(groups), decimals: groups.groups.every(({ sum }) => Number.isInteger(sum ?? 0)) ? 0 : 2 }
  const rows = barsOf(groups)
  if (groups.per === null || look === 'bars') return { ...scale, kind: 'bars', series: [measureOf(groups)], rows, upright: groups.per !== null }
  const timed = rows.filter(({ key }) => key !== '')
  return { ...scale, kind: 'line', at: timed.map(({ name }) => name), series: [{ name: measureOf(groups), values: timed.map(({ values }) => values[0]) }] }
}
