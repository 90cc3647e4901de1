// What a role is called: built-in ones by a text of the catalogue, a root's own by its own words, in the reader's language if it has them.
import { currentLocale, textOr } from '@/shared/i18n/i18n'

export function roleLabel(label: string, labels: Readonly<Record<string, string>> = {}): string {
  return labels[currentLocale()] ?? textOr(label, label)
}
