// The journal's verbs and fields in words: feature.thing.verb stands in the catalogue as feature.verb.thing.verb.
import { knownKeys, textOr } from '@/shared/i18n/i18n'

export function verbText(verb: string): string {
  return textOr(verb.replace('.', '.verb.'), verb)
}

/** `list`: the list that a file was made of; its fields are columns and called as their headers are. `plugin`: whose own field it may be. */
export function fieldText(field: string, list: string | null = null, plugin = ''): string {
  const usual = textOr(`journal.field.${field}`, textOr(`${plugin}.field.${field}`, field))
  return list === null ? usual : textOr(`${list.replace('.', '.list.')}.${field}`, usual)
}

export function kindText(kind: string): string {
  return textOr(`journal.kind.${kind}`, kind)
}

/** Who did it: people by name, everybody else in words; `user` is the user of the machine who sat at its command line. */
export function authorOf({ author, account }: { author: string; account: string | null }): { name: string | null; user?: string } {
  if (author === 'person') return { name: account }
  return { name: textOr(`journal.author.${author}`, author), ...(author === 'command_line' && account !== null && { user: account }) }
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
