// Completions as the search box lists them: one group for each kind, in the order of the best of each.
import { icons } from '@/kit/icon/icons'
import type { Suggestion, SuggestionGroup } from '@/kit/suggest/suggestions'
import type { Level } from '@/shared/place/place'
import type { Completion } from '@/shared/search/answers'

const where = ({ kind, tenant }: Completion): string => (kind === 'tenant' ? (tenant.ancestors.at(-1)?.name ?? '') : tenant.name)

function suggestionOf(found: Completion, value: string): Suggestion {
  const icon = icons.find((name) => name === found.icon) ?? 'file-text'
  const mark = found.kind === 'tenant' ? { level: found.tenant.level as Level } : { icon }
  return { value, label: found.text, meta: where(found), ...mark }
}

/** `valueOf`: what a choice stands for; by default its address. */
export function suggestionsOf(found: readonly Completion[], valueOf: (one: Completion) => string = ({ url }) => url): SuggestionGroup[] {
  const kinds = [...new Set(found.map(({ kind }) => kind))]
  return kinds.map((kind) => {
    const items = found.filter((one) => one.kind === kind)
    return { label: items[0]?.kind_label ?? kind, items: items.map((one) => suggestionOf(one, valueOf(one))) }
  })
}
