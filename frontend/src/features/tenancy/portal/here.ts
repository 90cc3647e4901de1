// The place that a page of the portal is about: read from the directory, shown by the shell, remembered for the next visit.
// A code of before leads to the place of today, which may be another one, and says so.
import { watch, watchEffect, type Ref } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { useToasts } from '@/kit/toast/toasts'
import { t } from '@/shared/i18n/i18n'
import { useDoubts } from '@/shared/place/moved'
import { usePlace } from '@/shared/place/place'
import { remember } from './last-place'
import { asPlace, useTenant } from './places'

export function useHere(code: Ref<string>) {
  const query = useTenant(code)
  const { set } = usePlace()
  const route = useRoute()
  const router = useRouter()
  const toasts = useToasts()
  useDoubts(code, () => query.refetch({ cancelRefetch: false }))
  watch(query.data, (found) => {
    if (!found || found.code === code.value) return
    toasts.show(t('portal.moved', { code: code.value, name: found.name }))
    void router.replace(route.fullPath.replace(`/${code.value}`, `/${found.code}`))
  })
  watchEffect(() => {
    const tenant = query.data.value
    if (!tenant) return
    set({ place: asPlace(tenant), ancestors: tenant.ancestors.map(asPlace), below: [], zone: tenant.zone })
    remember(tenant)
  })
  return query
}
