// The journal's verbs and fields in words: feature.thing.verb stands in the catalogue as feature.verb.thing.verb.
import { i18n, textOr } from '@/shared/i18n/i18n'

export function verbText(verb: string): string {
  return textOr(verb.replace('.', '.verb.'), verb)
}

export function fieldText(field: string): string {
  return textOr(`console.journal.field.${field}`, field)
}

function keysOf(found: unknown, path: string): string[] {
  if (typeof found === 'function') return [path]
  if (typeof found !== 'object' || found === null) return []
  return Object.entries(found).flatMap(([key, below]: [string, unknown]) => keysOf(below, `${path}.${key}`))
}

/** Every verb that the catalogue has words for. */
export function knownVerbs(): string[] {
  const texts: object = i18n.global.getLocaleMessage('zh-CN')
  return Object.entries(texts).flatMap(([feature, below]: [string, object]) => ('verb' in below ? keysOf(below.verb, feature) : []))
}

/** What kind of result it is: something given or opened, something ended. */
export function toneOf(verb: string): 'ok' | 'bad' | undefined {
  const last = verb.split('.').at(-1) ?? ''
  if (['suspend', 'take', 'reject', 'archive'].includes(last)) return 'bad'
  return ['add', 'give', 'accept', 'restore'].includes(last) ? 'ok' : undefined
}
