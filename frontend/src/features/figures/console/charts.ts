// Series and children of a figure as charts.
import { sayWhole } from '@/kit/chart/amount'
import type { BarsChart, DotsChart, LineChart, MapChart, Row } from '@/kit/chart/chart'
import type { Schemas } from '@/shared/api/client'
import { t } from '@/shared/i18n/i18n'
import { amountOf, scaleOf, type Children, type Figure } from './figures'
import { axisPeriod } from './periods'

export function trendChart(figure: Figure, { period, starts, cells }: Schemas['FigureSeriesOut']): LineChart | null {
  const values = cells.map(amountOf)
  if (values.every((value) => value === null)) return null
  const { target } = figure
  const scale = scaleOf(figure)
  return {
    kind: 'line',
    head: t(`figures.period.${period}`),
    ...scale,
    at: starts.map((day) => axisPeriod(period, day)),
    series: [{ name: figure.title, values, area: figure.measure !== 'ratio' }],
    ...(target !== null && { target: { value: target, text: t('figures.target', { target: sayWhole(target, scale) }) } }),
  }
}

const rowsOf = ({ items }: Children): Row[] => items.map(({ tenant, cells }) => ({ key: tenant.code, name: tenant.name, value: amountOf(cells[0]) }))

/** Held against a target where there is one, side by side otherwise; always by code. */
export function childrenChart(figure: Figure, children: Children): DotsChart | BarsChart | null {
  const rows = rowsOf(children)
  if (rows.length === 0) return null
  const scale = { ...scaleOf(figure), head: t('figures.child') }
  const { target } = figure
  if (target !== null) return { kind: 'dots', ...scale, name: figure.title, rows, target: { value: target, text: t('figures.target', { target: sayWhole(target, scale) }) } }
  return { kind: 'bars', ...scale, series: [figure.title], rows: rows.map(({ key, name, value }) => ({ key, name, values: [value] })) }
}

/** On the outlines that those below gave; whoever gave none stands in the table alone. */
export function mapChart(figure: Figure, children: Children, map: Schemas['MapOut']): MapChart | null {
  if (map.features.length === 0) return null
  return {
    kind: 'map',
    head: t('figures.child'),
    name: figure.title,
    ...scaleOf(figure),
    areas: { type: 'FeatureCollection', features: map.features },
    rows: rowsOf(children),
    note: map.approved === '' ? t('figures.map.sketch') : t('figures.map.approved', { number: map.approved }),
    flat: map.frame === 'plan',
  }
}
