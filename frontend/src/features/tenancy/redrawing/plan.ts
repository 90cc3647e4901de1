// A plan in sentences, by section: for reading, for comparing two of them, and for taking along.
import { formatNumber } from '@/shared/i18n/format'
import { t, textOr } from '@/shared/i18n/i18n'
import { levelName, type Level } from '@/shared/place/place'
import { roleLabel } from '@/shared/session/role'
import type { Change, Plan } from './calls'

export interface Line {
  text: string
  /** Of the tenant that it is about, where something may be mended there. */
  code?: string
}
export const sectionKeys = ['places', 'absorbed', 'mend', 'redirects', 'zone', 'sight', 'audiences', 'shown', 'settings', 'roles', 'plugins', 'rules', 'absorbed_rows', 'rows'] as const
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

export type Contradiction = Change['contradictions'][number]
export type Left = Change['left'][number]

/** What settings and modules are called is known by their keys. */
export const settingName = (key: string): string => textOr(`${key.replace('.', '.setting.')}.label`, key)
const titled: Partial<Record<string, (title: string) => string>> = { setting_value: settingName, plugin_rule: (id) => textOr(`${id}.title`, id) }

const standing = ({ table, rows, titles }: Contradiction['rows'][number]): string => {
  const key = titles.length === 0 ? 'standing' : titles.length < rows ? 'standing_some' : 'standing_all'
  return t(`console.redraw.${key}`, { rows: rowsName(table), count: formatNumber(rows), titles: list(titles.map((title) => titled[table]?.(title) ?? title)) })
}
const standings = (rows: Contradiction['rows']): string => rows.map(standing).join(t('console.redraw.and_also'))

/** Why something cannot be done or taken back, and because of what. */
export const contradicted = ({ why, name, code, rows }: Contradiction): string =>
  t(`tenancy.contradiction.${why}`, { tenant: name, code: code ?? '', things: standings(rows) })

/** What undoing leaves as it is. What is closed by now has a name and no code. */
export const leftSaid = ({ why, name, code, rows }: Left): string =>
  t(`console.redraw.left.${why}`, { tenant: code === null ? name : t('console.redraw.named', { name, code }), things: standings(rows) })

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

export const overtakenOf = ({ overtaken }: Pick<Plan, 'overtaken'>): Line[] => overtaken.map(({ code, tenant }) => line('overtaken', { code, tenant: named(tenant) }))

const redirectsOf = (plan: Plan): Line[] => [...plan.redirects.map((found) => line('redirect', { ...found })), ...overtakenOf(plan)]

function sightOf({ sight }: Plan): Line[] {
  return sight.map(({ tenant, change, grants }) =>
    grants.length === 0 ? line(`${change}_nobody`, { tenant: tenant.name }) : line(change, { tenant: tenant.name, count: formatNumber(grants.length), people: list(grants.map(held)) }),
  )
}

const classes = ['public', 'resident', 'member', 'official'] as const
/** People of a class, by its number. */
export const className = (number: number): string => t(`console.visibility.class.${classes[number as 0 | 1 | 2 | 3]}`)
/** What is out of sight has no name here. */
export const nameOr = (place: { name: string } | null): string => place?.name ?? t('console.redraw.other_tree')
const audiencesOf = ({ audiences }: Plan): Line[] =>
  audiences.map(({ tenant, change, class: number, people }) =>
    line(change, { tenant: tenant.name, people: formatNumber(people), class: className(number) }),
  )

export const shownOf = ({ shown }: Pick<Plan, 'shown'>): Line[] =>
  shown.map(({ way, tenant, class: number, rows }) => line(`${way}_shown`, { count: formatNumber(rows), tenant: nameOr(tenant), class: className(number) }))

export const pluginsOf = ({ plugins }: Pick<Plan, 'plugins'>): Line[] =>
  plugins.flatMap(({ name, on, off }) => [
    ...(on > 0 ? [line('plugin_on', { module: name, count: formatNumber(on) })] : []),
    ...(off > 0 ? [line('plugin_off', { module: name, count: formatNumber(off) })] : []),
  ])

export const rulesOf = ({ rules, plugins }: Pick<Plan, 'rules' | 'plugins'>): Line[] =>
  rules.map(({ plugin_id, rule, tenant, by }) => {
    const module = plugins.find((found) => found.plugin_id === plugin_id)?.name ?? textOr(`${plugin_id}.title`, plugin_id)
    return line('silenced', { module, rule: t(`console.governance.rule.${rule}`), tenant: nameOr(tenant), by: nameOr(by) })
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
  shown: shownOf,
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
