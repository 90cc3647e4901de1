// Several tabs may act for several tenants: every title names the page, then its tenant.
import { toValue, watchEffect, type MaybeRefOrGetter } from 'vue'
import { useI18n } from '@/shared/i18n/i18n'
import { usePlace } from '@/shared/place/place'

export function useTitle(title: MaybeRefOrGetter<string>): void {
  const { t } = useI18n()
  const { current } = usePlace()
  watchEffect(() => {
    document.title = [toValue(title), current.value?.place.name, t('kit.product')].filter(Boolean).join(' · ')
  })
}
