// The export of a list page: as it is filtered and sorted now, and a word where it fails.
import type { MaybeRefOrGetter } from 'vue'
import { useI18n } from '@/shared/i18n/i18n'
import { useExport } from '@/shared/export/export'
import type { ListQuery } from '@/shared/list/list-state'
import { useToasts } from '../toast/toasts'

/** `list`: its name on the server, such as identity.grants. `tenant` null: it stands at none. */
export function useListExport(tenant: MaybeRefOrGetter<string | null>, list: MaybeRefOrGetter<string>, query: MaybeRefOrGetter<ListQuery>) {
  const { t } = useI18n()
  const toasts = useToasts()
  return useExport({
    tenant,
    list,
    query,
    failed: (problem) => toasts.show(problem.isUnreachable ? t('kit.export.unreachable') : problem.message),
  })
}
