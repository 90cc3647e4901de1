// A plan in sentences, by section: for reading, for comparing two of them, and for taking along.
import { formatNumber } from '@/shared/i18n/format'
import { t, textOr } from '@/shared/i18n/i18n'
import { levelName, type Level } from '@/shared/place/place'
import { roleLabel } from '@/shared/session/role'
import type { Plan } from './calls'

export interface Line {
  text: string
  /** Of the tenant that it is about, where something may be mended there. */
  code?: string
}
export const sectionKeys = ['places', 'absorbed', 'mend', 'redirects', 'zone', 'sight', 'audiences', 'settings', 'roles', 'plugins', 'rules', 'absorbed_rows', 'rows'] as const
export type SectionKey = (typeof sectionKeys)[number]
export interface Section {
  key: SectionKey
  lines: readonly Line[]
}

interface Place {
  code: string
  name: string
  level: number
}
type Held = Plan['sight'][number]['grants'][number]

export const line = (key: string, params: Readonly<Record<string, unknown>>, code?: string): Line => ({ text: t(`console.redraw.plan.${key}`, params), ...(code !== undefined && { code }) })
export const named = ({ name, code }: Place): string => t('console.redraw.named', { name, code })
export const levelled = (level: number): string => t(`kit.level.full.${levelName(level as Level)}`)
const held = ({ account_name, label, labels }: Held): string => t('console.redraw.held', { name: account_name, role: roleLabel(label, labels) })
export const list = (parts: readonly string[]): string => parts.join(t('console.redraw.separator'))

/** Plugins say what their tables hold: `<plugin>.rows.<table>`. */
export function rowsName(table: string): string {
  const [plugin, own] = table.split('.')
  return own === undefined || plugin === undefined ? textOr(`console.redraw.table.${table}`, table) : textOr(`${plugin}.rows.${own}`, t('console.redraw.table_of', { module: textOr(`${plugin}.title`, plugin), table: own }))
}

/** How many of each level come along. */
export function countedOf({ tenants }: Pick<Plan, 'tenants'>): Line[] {
  const counted = tenants.map(({ level, tenants: count }) => t(`console.tree.count.${levelName(level as Level)}`, { count: formatNumber(count) }))
  return counted.length > 0 ? [line('tenants', { tenants: list(counted) })] : []
}

function placesOf({ steps, tenants }: Plan): Line[] {
  const moved = steps.map(({ tenant, from, to, level }) => {
    const key = level.now === level.then ? 'step' : 'step_level'
    return line(key, { tenant: named(tenant), from: from.name, to: to.name, now: levelled(level.now), then: levelled(level.then) })
  })
  return [...countedOf({ tenants }), ...moved]
}

function absorbedOf({ absorbed }: Plan): Line[] {
  if (absorbed === null) return []
  const { tenant, into, grants } = absorbed
  return [line('absorbed', { tenant: named(tenant), into: named(into) }), ...grants.map((grant) => line('absorbed_grant', { grant: held(grant), into: into.name }))]
}

function mendOf({ steps, namesakes }: Plan): Line[] {
  const unfit = steps.filter(({ code }) => !code.fits)
  const same = namesakes.map((place) => line('namesake', { tenant: named(place) }, place.code))
  return [...same, ...unfit.map(({ tenant, code }) => line('unfit', { tenant: tenant.name, code: code.then, prefix: code.prefix }, tenant.code))]
}

const redirectsOf = ({ redirects }: Plan): Line[] => redirects.map((found) => line('redirect', { ...found }))

function sightOf({ sight }: Plan): Line[] {
  return sight.map(({ tenant, change, grants }) =>
    grants.length === 0 ? line(`${change}_nobody`, { tenant: tenant.name }) : line(change, { tenant: tenant.name, count: formatNumber(grants.length), people: list(grants.map(held)) }),
  )
}

export const classes = ['public', 'resident', 'member', 'official'] as const
const audiencesOf = ({ audiences }: Plan): Line[] =>
  audiences.map(({ tenant, change, class: number, people }) =>
    line(change, { tenant: tenant.name, people: formatNumber(people), class: t(`console.visibility.class.${classes[number as 0 | 1 | 2 | 3]}`) }),
  )

export const pluginsOf = ({ plugins }: Pick<Plan, 'plugins'>): Line[] =>
  plugins.flatMap(({ name, on, off }) => [
    ...(on > 0 ? [line('plugin_on', { module: name, count: formatNumber(on) })] : []),
    ...(off > 0 ? [line('plugin_off', { module: name, count: formatNumber(off) })] : []),
  ])

const rulesOf = ({ rules, plugins }: Plan): Line[] =>
  rules.map(({ plugin_id, rule, tenant, by }) => {
    const module = plugins.find((found) => found.plugin_id === plugin_id)?.name ?? textOr(`${plugin_id}.title`, plugin_id)
    return line('silenced', { module, rule: t(`console.governance.rule.${rule}`), tenant: tenant.name, by: by.name })
  })

const absorbedRowsOf = ({ absorbed_rows: found }: Plan): Line[] =>
  found
    .filter(({ goes, stays }) => goes + stays > 0)
    .map(({ table, goes, stays }) => line(stays > 0 ? 'goes_stays' : 'goes', { rows: rowsName(table), goes: formatNumber(goes), stays: formatNumber(stays) }))

export const rowsOf = ({ rows }: Pick<Plan, 'rows'>): Line[] => rows.map(({ table, rows: count }) => line('rows', { rows: rowsName(table), count: formatNumber(count) }))

const makers: Partial<Record<SectionKey, (plan: Plan) => Line[]>> = {
  places: placesOf,
  absorbed: absorbedOf,
  mend: mendOf,
  redirects: redirectsOf,
  sight: sightOf,
  audiences: audiencesOf,
  plugins: pluginsOf,
  rules: rulesOf,
  absorbed_rows: absorbedRowsOf,
  rows: rowsOf,
}

/** Sections that have something to say. */
export function sectionsOf(plan: Plan): Section[] {
  return sectionKeys.map((key) => ({ key, lines: makers[key]?.(plan) ?? [] })).filter(({ lines }) => lines.length > 0)
}

/** Sections of which two plans say different things. */
export function differing(one: readonly Section[], other: readonly Section[]): Set<SectionKey> {
  const said = (sections: readonly Section[], key: SectionKey): string => JSON.stringify(sections.find((section) => section.key === key)?.lines ?? [])
  return new Set(sectionKeys.filter((key) => said(one, key) !== said(other, key)))
}

/** A cell that a spreadsheet takes for text: RFC 4180, and nothing that it would calculate. */
const cell = (text: string): string => `"${(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`

/** As a file for a spreadsheet; the mark at its beginning tells Excel that it is UTF-8. */
export function asCsv(sections: readonly Section[]): string {
  const rows = sections.flatMap(({ key, lines }) => lines.map(({ text }) => [t(`console.redraw.section.${key}`), text]))
  return `\uFEFF${rows.map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`
}
