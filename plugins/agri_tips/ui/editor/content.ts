// What a person writes of a tip, and where it differs from what is saved.
import { type Audience, type ManagedTip, type Medium } from '../tips'

export interface Content {
  title: string
  summary: string
  body: string
  subject: string
  months: number[]
  terms: number[]
  locality: string
  title_en: string
  summary_en: string
  reach: string
  audience: Audience
}
export type Field = keyof Content
export const fields = ['title', 'summary', 'body', 'subject', 'months', 'terms', 'locality', 'title_en', 'summary_en', 'reach', 'audience'] as const satisfies readonly Field[]

export type Described = Pick<Medium, 'alt' | 'caption' | 'transcript'>
export const described = ['alt', 'caption', 'transcript'] as const

/** All that can be typed; descriptions by the id of what they describe. */
export interface Typed extends Content {
  media: Record<string, Described>
}

export function emptyContent(code: string): Typed {
  return { title: '', summary: '', body: '', subject: '', months: [], terms: [], locality: '', title_en: '', summary_en: '', reach: code, audience: 'public', media: {} }
}

const describedOf = ({ alt, caption, transcript }: Medium): Described => ({ alt, caption, transcript })

export function contentOf(tip: ManagedTip): Typed {
  const { title, summary, body, subject, months, terms, locality, title_en, summary_en, audience } = tip
  const media = Object.fromEntries(tip.media.map((medium) => [medium.id, describedOf(medium)]))
  return { title, summary, body, subject, months: [...months], terms: [...terms], locality, title_en, summary_en, reach: tip.reach.code, audience, media }
}

const plain = (value: Content[Field]): string => (Array.isArray(value) ? [...value].sort((one, other) => one - other).join() : value.trim())

export function differing(one: Content, other: Content): Field[] {
  return fields.filter((field) => plain(one[field]) !== plain(other[field]))
}

/** Descriptions that were changed; of a picture that is gone there is nothing to keep. */
export function redescribed(typed: Typed, saved: Typed): [id: string, words: Partial<Described>][] {
  return Object.entries(typed.media).flatMap(([id, words]): [string, Partial<Described>][] => {
    const before = saved.media[id]
    if (!before) return []
    const changed = described.filter((name) => words[name].trim() !== before[name].trim())
    return changed.length === 0 ? [] : [[id, Object.fromEntries(changed.map((name) => [name, words[name]]))]]
  })
}

export function pick(content: Content, names: readonly Field[]): Partial<Content> {
  return Object.fromEntries(names.map((name) => [name, content[name]]))
}

const shown = ['title', 'summary', 'body', 'alt', 'transcript', 'caption', 'subject', 'months', 'locality', 'reach', 'audience', 'title_en', 'summary_en']

/** Faults as they stand on the page, from above. */
export function inOrder<Fault extends { field: string }>(faults: readonly Fault[]): Fault[] {
  const rank = ({ field }: Fault): number => shown.indexOf(field.split('-')[1] ?? '')
  return [...faults].sort((one, other) => rank(one) - rank(other))
}

/** Where a fault of the server's is shown: the id of its field in the page. */
export function fieldIdOf(pointer: string, media: readonly Medium[]): string {
  const [name = '', number = '', part = ''] = pointer.replace(/^#?\//, '').split('/')
  if (name !== 'media') return `tip-${name}`
  const medium = media.find((one) => String(one.number) === number)
  return `tip-${part}-${medium?.id ?? ''}`
}
