// What a role is called: built-in ones by a text of the catalogue, a root's own by its own words.
import { textOr } from '@/shared/i18n/i18n'

export function roleLabel(label: string): string {
  return textOr(label, label)
}
