// Figures in sentences: what came to what, against when, and where it lies below a target.
import { isKnown, sayAmount, sayWhole, scaled } from '@/kit/chart/amount'
import type { Amount } from '@/kit/chart/chart'
import { t } from '@/shared/i18n/i18n'
import { amountOf, scaleOf, type Children, type Figure, type Value } from './figures'
import type { Period } from './periods'

type Earlier = 'before' | 'year_ago'

/** The year before is the same a year earlier. */
export const earlier = (period: Period): readonly Earlier[] => (period === 'year' ? ['before'] : ['before', 'year_ago'])

/** A period that goes on is not yet to be measured against a whole one; a share is. */
export function compare(figure: Figure, value: Value, when: Earlier, { period, complete }: { period: Period; complete: boolean }): string {
  const [now, then] = [amountOf(value.now), amountOf(value[when])]
  const scale = scaleOf(figure)
  const name = t(`figures.when.${when}.${period}`)
  if (then === null) return t('figures.compare.unknown', { when: name })
  if (!isKnown(now) || !isKnown(then) || (!complete && figure.measure !== 'ratio')) return t('figures.compare.was', { when: name, amount: sayWhole(then, scale) })
  const difference = scaled(now, scale) - scaled(then, scale)
  if (difference === 0) return t('figures.compare.same', { when: name })
  const amount = sayAmount(Math.abs(difference), { decimals: figure.decimals })
  return t(`figures.compare.${difference > 0 ? 'more' : 'less'}`, { when: name, amount, unit: figure.share ? t('figures.points') : figure.unit })
}

/** What a tenant came to, as a sentence. */
export function sayValue(figure: Figure, place: string, when: string, amount: Amount, complete: boolean): string {
  const said = { place, when, figure: figure.title }
  if (amount === null) return t('figures.says.unknown', said)
  return t(complete || figure.measure === 'ratio' ? 'figures.says.value' : 'figures.says.so_far', { ...said, amount: sayWhole(amount, scaleOf(figure)) })
}

const named = 5
const list = (names: readonly string[]): string => names.slice(0, named).join(t('figures.says.comma')) + (names.length > named ? t('figures.says.more', { count: names.length - named }) : '')

/** Who lies below the target, or between what and what all of them lie; whose number is not shown is counted. */
export function sayChildren(figure: Figure, { items }: Children): string {
  const rows = items.map(({ tenant, cells }) => ({ name: tenant.name, value: amountOf(cells[0]) }))
  const known = rows.map(({ value }) => value).filter(isKnown)
  const missing = rows.length - known.length
  const also = missing > 0 ? t('figures.says.missing', { count: missing }) : ''
  if (known.length === 0) return t('figures.says.none')
  const scale = scaleOf(figure)
  const { target } = figure
  const [least, most] = [Math.min(...known), Math.max(...known)]
  if (target === null && least === most) return t('figures.says.alike', { count: known.length, amount: sayWhole(least, scale) }) + also
  if (target === null) return t('figures.says.between', { count: known.length, least: sayWhole(least, scale), most: sayWhole(most, scale) }) + also
  const low = rows.filter(({ value }) => isKnown(value) && value < target)
  const aim = sayWhole(target, scale)
  return (low.length === 0 ? t('figures.says.all_reach', { count: known.length, target: aim }) : t('figures.says.below', { names: list(low.map(({ name }) => name)), target: aim })) + also
}
