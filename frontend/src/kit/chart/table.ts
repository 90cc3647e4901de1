// The numbers of a chart as rows: for those who read them, hear them or take them along.
import { scaled, unitOf } from './amount'
import type { Amount, Chart } from './chart'
import { t } from '@/shared/i18n/i18n'

export interface ChartRow {
  /** What is picked with it; empty where there is nothing to pick. */
  key: string
  name: string
  values: readonly Amount[]
}

export interface ChartTable {
  head: readonly string[]
  rows: readonly ChartRow[]
}

function columnsOf(chart: Chart): string[] {
  switch (chart.kind) {
    case 'line':
      return [...chart.series.map(({ name }) => name), ...(chart.band ? [t('kit.chart.low', { name: chart.band.name }), t('kit.chart.high', { name: chart.band.name })] : [])]
    case 'bars':
      return [...chart.series]
    case 'heat':
      return [...chart.columns]
    case 'dots':
    case 'map':
      return [chart.name]
  }
}

function rowsOf(chart: Chart): ChartRow[] {
  switch (chart.kind) {
    case 'line': {
      const columns = [...chart.series.map(({ values }) => values), ...(chart.band ? [chart.band.low, chart.band.high] : [])]
      return chart.at.map((name, index) => ({ key: '', name, values: columns.map((values) => values[index] ?? null) }))
    }
    case 'bars':
      return [...chart.rows]
    case 'heat':
      return chart.rows.map((row) => ({ key: '', ...row }))
    case 'dots':
    case 'map':
      return chart.rows.map(({ key, name, value }) => ({ key, name, values: [value] }))
  }
}

export function tableOf(chart: Chart): ChartTable {
  const unit = unitOf(chart)
  return {
    head: [chart.head, ...columnsOf(chart).map((name) => (unit === '' ? name : t('kit.chart.column', { name, unit })))],
    rows: rowsOf(chart),
  }
}

// What makes a spreadsheet program calculate, full-width forms included; the server's exports hold to the same (sheets.py).
const active = /^[=+\-@\t\r\n＝＋－＠]/u

function cell(text: string): string {
  const passive = active.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(passive) ? `"${passive.replaceAll('"', '""')}"` : passive
}

/** RFC 4180 with a byte order mark, without which Excel takes Chinese for another encoding. Numbers stay numbers. */
export function csvOf(chart: Chart): string {
  const { head, rows } = tableOf(chart)
  const amount = (value: Amount): string => {
    if (value === null) return ''
    return value === 'withheld' ? cell(t('kit.chart.withheld')) : String(scaled(value, chart))
  }
  const lines = [head.map(cell), ...rows.map(({ name, values }) => [cell(name), ...values.map(amount)])]
  return `\uFEFF${lines.map((line) => line.join(',')).join('\r\n')}\r\n`
}
