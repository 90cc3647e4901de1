// What joining another tree, or leaving one, changes: in sentences, by section.
import { formatNumber } from '@/shared/i18n/format'
import { roleLabel } from '@/shared/session/role'
import { className, countedOf, levelled, line, named, nameOr, overtakenOf, pluginsOf, rowsOf, rulesOf, sectionKeys, settingName, shownOf, type Line, type Section, type SectionKey } from './plan'
import type { TransferPlan } from './transfers'

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
  people.map(({ class: number, people: count }) => line(`${op}_people`, { people: formatNumber(count), class: className(number) }))

const settingsOf = ({ op, settings }: TransferPlan): Line[] =>
  settings.map(({ key, tenant }) => line(`${op}_setting`, { setting: settingName(key), tenant: nameOr(tenant) }))

const rolesOf = ({ op, roles }: TransferPlan): Line[] =>
  roles.map(({ label, labels, taken }) => line(taken ? 'role_taken' : `${op}_role`, { role: roleLabel(label, labels) }))

const redirectsOf = ({ code, overtaken }: TransferPlan): Line[] => [
  ...(code.now === code.then ? [] : [line('redirect', { old: code.now, new: code.then })]),
  ...overtakenOf({ overtaken }),
]

const makers: Partial<Record<SectionKey, (plan: TransferPlan) => Line[]>> = {
  places: placesOf,
  mend: mendOf,
  redirects: redirectsOf,
  zone: zoneOf,
  sight: sightOf,
  audiences: peopleOf,
  shown: shownOf,
  settings: settingsOf,
  roles: rolesOf,
  plugins: pluginsOf,
  rules: rulesOf,
  rows: rowsOf,
}

export function transferSections(plan: TransferPlan): Section[] {
  return sectionKeys.map((key) => ({ key, lines: makers[key]?.(plan) ?? [] })).filter(({ lines }) => lines.length > 0)
}
