// The place that a page of the portal is about: read from the directory, shown by the shell, remembered for the next visit.
import { watchEffect, type Ref } from 'vue'
import { usePlace } from '@/shared/place/place'
import { remember } from './last-place'
import { asPlace, useTenant } from './places'

export function useHere(code: Ref<string>) {
  const query = useTenant(code)
  const { set } = usePlace()
  watchEffect(() => {
    const tenant = query.data.value
    if (!tenant) return
    set({ place: asPlace(tenant), ancestors: tenant.ancestors.map(asPlace), below: [] })
    remember(tenant)
  })
  return query
}
