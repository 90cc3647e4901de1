// Which period a page is about: in the address, so that a link, the way down and the way back keep it.
import { computed } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { parameter } from '@/shared/list/list-state'
import { isDay, periods, type Period } from './periods'

export function useChosen() {
  const route = useRoute()
  const router = useRouter()
  const asked = parameter(route, router, 'period', 'month')
  const day = parameter(route, router, 'on')
  return {
    period: computed<Period>({
      get: () => periods.find((known) => known === asked.value) ?? 'month',
      set: (wanted) => (asked.value = wanted),
    }),
    /** Empty: today. */
    on: computed({ get: () => (isDay(day.value) ? day.value : ''), set: (wanted: string) => (day.value = isDay(wanted) ? wanted : '') }),
    view: parameter(route, router, 'view', 'picture'),
    query: computed(() => route.query),
    /** To one figure of another tenant, at the same time. */
    go: (tenant: string, figure: string): void => void router.push({ path: `/console/${tenant}/figures/${figure}`, query: route.query }),
  }
}
