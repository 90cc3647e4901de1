// A question and what narrows it, as the address holds it: going back is going back to an earlier question.
import type { LocationQuery, LocationQueryRaw } from 'vue-router'
import type { Facet, FacetValue } from './answers'

export interface Question {
  q: string
  kind?: string
  level?: string
  place?: string
  since?: string
  until?: string
  /** Of the kinds' own, as name:value. */
  facet: readonly string[]
  sort?: 'newest'
}

const single = ['kind', 'level', 'place', 'since', 'until'] as const

const first = (value: LocationQuery[string] | undefined): string => [value].flat()[0]?.trim() ?? ''

export function questionOf(query: LocationQuery): Question {
  const narrowed = single.map((name) => [name, first(query[name])] as const).filter(([, value]) => value !== '')
  const facet = [query['facet'] ?? []].flat().filter((value) => value?.includes(':')) as string[]
  return { q: first(query['q']), facet, ...Object.fromEntries(narrowed), ...(first(query['sort']) === 'newest' && { sort: 'newest' as const }) }
}

/** What is asked of the server. */
export function askedOf({ facet, level, ...rest }: Question) {
  return { ...rest, ...(level !== undefined && { level: Number(level) }), ...(facet.length > 0 && { facet: [...facet] }) }
}

export const toQuery = ({ facet, ...rest }: Question): LocationQueryRaw => ({ ...rest, ...(facet.length > 0 && { facet: [...facet] }) })

/** Without anything that narrows. */
export const cleared = ({ q, sort }: Question): Question => ({ q, facet: [], ...(sort && { sort }) })

export function isOn(question: Question, facet: string, value: FacetValue): boolean {
  if (facet === 'time') return (question.since ?? null) === value.since && (question.until ?? null) === value.until
  return facet === 'kind' || facet === 'level' || facet === 'place' ? question[facet] === value.value : question.facet.includes(value.value)
}

/** Without what a facet said so far. */
function opened(question: Question, facet: string): Question {
  const names = facet === 'time' ? ['since', 'until'] : [facet]
  const kept = question.facet.filter((value) => !value.startsWith(`${facet}:`))
  return { ...Object.fromEntries(Object.entries(question).filter(([name]) => !names.includes(name))), q: question.q, facet: kept }
}

/** One value of a facet at a time: another one takes its place, the same again takes it away. */
export function toggled(question: Question, facet: string, value: FacetValue): Question {
  const rest = opened(question, facet)
  if (isOn(question, facet, value)) return rest
  if (facet === 'time') return { ...rest, ...(value.since !== null && { since: value.since }), ...(value.until !== null && { until: value.until }) }
  if (facet === 'kind' || facet === 'level' || facet === 'place') return { ...rest, [facet]: value.value }
  return { ...rest, facet: [...rest.facet, value.value] }
}

export interface Narrowing {
  facet: string
  value: FacetValue
}

/** What narrows the question now. A value without a hit is in no answer any more: it is known by what the address says. */
export function narrowingsOf(question: Question, facets: readonly Facet[]): Narrowing[] {
  const known = facets.flatMap(({ name, values }) => values.filter((value) => isOn(question, name, value)).map((value) => ({ facet: name, value })))
  const isKnown = (facet: string): boolean => known.some((one) => one.facet === facet)
  const bare = (facet: string, value: string): Narrowing[] =>
    [{ facet, value: { value, label: value.replace(/^.*:/, ''), count: 0, since: question.since ?? null, until: question.until ?? null } }]
  const rest = (['kind', 'level', 'place'] as const).flatMap((name) => (question[name] !== undefined && !isKnown(name) ? bare(name, question[name]) : []))
  const time = (question.since ?? question.until) !== undefined && !isKnown('time') ? bare('time', '') : []
  const own = question.facet.filter((value) => !known.some((one) => one.value.value === value)).flatMap((value) => bare(value.split(':')[0] ?? '', value))
  return [...known, ...rest, ...time, ...own]
}
