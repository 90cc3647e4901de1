// Amounts in words and figures.
import type { Amount, Scale } from './chart'
import { t } from '@/shared/i18n/i18n'

/** As it is drawn and written: a share in hundredths. */
export function scaled(value: number, { share = false, decimals = 0 }: Partial<Scale>): number {
  return Number((share ? value * 100 : value).toFixed(decimals))
}

/** Its figures without the unit; what is not known is a dash. */
export function sayAmount(value: Amount, scale: Partial<Scale>): string {
  if (value === 'withheld') return t('kit.chart.withheld')
  if (value === null) return '–'
  const { decimals = 0 } = scale
  return new Intl.NumberFormat('en', { minimumFractionDigits: decimals, maximumFractionDigits: decimals }).format(scaled(value, scale))
}

export function unitOf({ share = false, unit = '' }: Partial<Scale>): string {
  return share ? '%' : unit
}

/** With its unit, as a sentence has it. */
export function sayWhole(value: Amount, scale: Partial<Scale>): string {
  const unit = unitOf(scale)
  if (typeof value !== 'number' || unit === '') return sayAmount(value, scale)
  return unit === '%' ? `${sayAmount(value, scale)}%` : `${sayAmount(value, scale)} ${unit}`
}

export const isKnown = (value: Amount | undefined): value is number => typeof value === 'number'

/** The least and the most that is known; null where nothing is. */
export function rangeOf(values: readonly Amount[]): [number, number] | null {
  const known = values.filter(isKnown)
  return known.length === 0 ? null : [Math.min(...known), Math.max(...known)]
}

/** Which of the seven steps from little to much; what lies outside takes the first or the last. */
export function stepOf(value: number, [least, most]: readonly [number, number]): number {
  if (most <= least) return 4
  return Math.min(7, Math.max(1, Math.floor(((value - least) / (most - least)) * 7) + 1))
}
