// What the reader of a portal page may do at its place.
import { computed } from 'vue'
import type { May } from '@/shared/place/acting'
import { usePlace } from '@/shared/place/place'
import { isAtTenant, permissionsAt, useVisitor } from '@/shared/session/session'

export function useVisitorMay(): May {
  const { grants } = useVisitor()
  const { current } = usePlace()
  const permissions = computed(() => {
    const codes = current.value ? [current.value.place, ...current.value.ancestors].map(({ code }) => code) : []
    return permissionsAt(grants.value.filter(isAtTenant), codes)
  })
  return (permission) => permissions.value.has(permission)
}
