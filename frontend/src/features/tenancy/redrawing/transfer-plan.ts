// What joining another tree, or leaving one, changes: in sentences, by section.
import { formatNumber } from '@/shared/i18n/format'
import { t, textOr } from '@/shared/i18n/i18n'
import { roleLabel } from '@/shared/session/role'
import { classes, countedOf, levelled, line, named, pluginsOf, rowsOf, sectionKeys, type Line, type Section, type SectionKey } from './plan'
import type { TransferPlan } from './transfers'

const nameOr = (place: { name: string } | null): string => place?.name ?? t('console.redraw.other_tree')

function placesOf(plan: TransferPlan): Line[] {
  const { op, subject, parent, level } = plan
  const told = line(op, { subject: named(subject), parent: named(parent) })
  return [told, ...(level.now === level.then ? [] : [line('level', { now: levelled(level.now), then: levelled(level.then) })]), ...countedOf(plan)]
}

function mendOf({ code, namesakes, subject }: TransferPlan): Line[] {
  const unfit = code.fits ? [] : [line('unfit', { tenant: subject.name, code: code.then, prefix: code.prefix })]
  return [...namesakes.map((place) => line('namesake', { tenant: named(place) })), ...unfit]
}

const zoneOf = ({ zone }: TransferPlan): Line[] => (zone.now === zone.then ? [] : [line('zone', zone)])

const sightOf = ({ op, above }: TransferPlan): Line[] =>
  above.map(({ tenant, officials }) => line(officials === null ? `${op}_unknown` : `${op}_sight`, { tenant: nameOr(tenant), count: formatNumber(officials ?? 0) }))

const peopleOf = ({ op, people }: TransferPlan): Line[] =>
  people.map(({ class: number, people: count }) => line(`${op}_people`, { people: formatNumber(count), class: t(`console.visibility.class.${classes[number as 0 | 1 | 2 | 3]}`) }))

const settingsOf = ({ op, settings }: TransferPlan): Line[] =>
  settings.map(({ key, tenant }) => line(`${op}_setting`, { setting: textOr(`${key.replace('.', '.setting.')}.label`, key), tenant: nameOr(tenant) }))

const rolesOf = ({ op, roles }: TransferPlan): Line[] =>
  roles.map(({ label, labels, taken }) => line(taken ? 'role_taken' : `${op}_role`, { role: roleLabel(label, labels) }))

const rulesOf = ({ rules, plugins }: TransferPlan): Line[] =>
  rules.map(({ plugin_id, rule, tenant, by }) => {
    const module = plugins.find((found) => found.plugin_id === plugin_id)?.name ?? textOr(`${plugin_id}.title`, plugin_id)
    return line('silenced', { module, rule: t(`console.governance.rule.${rule}`), tenant: nameOr(tenant), by: nameOr(by) })
  })

const redirectsOf = ({ code }: TransferPlan): Line[] => (code.now === code.then ? [] : [line('redirect', { old: code.now, new: code.then })])

const makers: Partial<Record<SectionKey, (plan: TransferPlan) => Line[]>> = {
  places: placesOf,
  mend: mendOf,
  redirects: redirectsOf,
  zone: zoneOf,
  sight: sightOf,
  audiences: peopleOf,
  settings: settingsOf,
  roles: rolesOf,
  plugins: pluginsOf,
  rules: rulesOf,
  rows: rowsOf,
}

export function transferSections(plan: TransferPlan): Section[] {
  return sectionKeys.map((key) => ({ key, lines: makers[key]?.(plan) ?? [] })).filter(({ lines }) => lines.length > 0)
}
