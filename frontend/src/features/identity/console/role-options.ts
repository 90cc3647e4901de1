// Roles that a list of grants can be narrowed by.
import { useQuery } from '@tanstack/vue-query'
import { computed, type ComputedRef } from 'vue'
import { useI18n } from '@/shared/i18n/i18n'
import { roleLabel } from '@/shared/session/role'
import { listRoles } from './people'

export function useRoleOptions(code: ComputedRef<string>) {
  const { t } = useI18n()
  const roles = useQuery({ queryKey: computed(() => ['identity', 'roles', code.value]), queryFn: ({ signal }) => listRoles(code.value, signal) })
  return computed(() => [
    { value: '', label: t('console.grants.all_roles') },
    ...(roles.data.value ?? []).map(({ name, label, labels }) => ({ value: name, label: roleLabel(label, labels) })),
  ])
}
