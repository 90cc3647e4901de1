// The journal's verbs and fields in words: feature.thing.verb stands in the catalogue as feature.verb.thing.verb.
import { knownKeys, textOr } from '@/shared/i18n/i18n'

export function verbText(verb: string): string {
  return textOr(verb.replace('.', '.verb.'), verb)
}

/** `list`: the list that a file was made of; its fields are columns and called as their headers are. */
export function fieldText(field: string, list: string | null = null): string {
  const usual = textOr(`journal.field.${field}`, field)
  return list === null ? usual : textOr(`${list.replace('.', '.list.')}.${field}`, usual)
}

export function kindText(kind: string): string {
  return textOr(`journal.kind.${kind}`, kind)
}

/** Every verb that the catalogue has words for. */
export function knownVerbs(): string[] {
  return knownKeys().flatMap((key) => {
    const [, feature, verb] = /^(\w+)\.verb\.(.+)$/.exec(key) ?? []
    return feature !== undefined && verb !== undefined ? [`${feature}.${verb}`] : []
  })
}

/** What kind of result it is: something given or opened, something ended. */
export function toneOf(verb: string): 'ok' | 'bad' | undefined {
  const last = verb.split('.').at(-1) ?? ''
  if (['suspend', 'take', 'reject', 'archive'].includes(last)) return 'bad'
  return ['add', 'give', 'accept', 'restore'].includes(last) ? 'ok' : undefined
}
