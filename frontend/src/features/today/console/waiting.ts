// What waits for the reader at the acting tenant: applications, grants that end soon, and what a new organisation has left to do.
import { useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'
import { useI18n } from '@/shared/i18n/i18n'
import type { IconName } from '@/kit/icon/icons'
import { api, bodyOf, type Schemas } from '@/shared/api/client'
import { daysUntil } from '@/shared/i18n/dates'
import { formatTime } from '@/shared/i18n/format'
import { readSetup } from '@/shared/place/setup'
import type { Acting } from '@/shared/place/acting'
import { roleLabel } from '@/shared/session/role'

export interface Task {
  key: string
  icon: IconName
  title: string
  note: string
  due: string
  isDue: boolean
  to: string
  action: string
}

const soon = 30
const shown = 5

const waited = (since: string): number => Math.max(0, -daysUntil(since))

type Granted = Schemas['IdentityGrantsItem']
type Ending = Granted & { at: string; days: number }

/** Those that end within a month, the next first. */
export function endingSoon(grants: readonly Granted[], now = new Date()): Ending[] {
  return grants
    .flatMap((grant) => (grant.expires_at === null ? [] : [{ ...grant, at: grant.expires_at, days: daysUntil(grant.expires_at, now) }]))
    .filter(({ days }) => days > 0 && days <= soon)
    .sort((one, other) => one.at.localeCompare(other.at))
}

/** Nobody can join below a grid. */
function useApplications({ code, surroundings, may }: Acting) {
  const { t } = useI18n()
  const query = useQuery({
    queryKey: computed(() => ['onboarding', 'open', code.value]),
    queryFn: async () => {
      const params = { path: { tenant_code: code.value }, query: { state: 'open', sort: 'submitted_at', limit: shown } as const }
      return bodyOf(await api.GET('/api/v1/tenants/{tenant_code}/applications', { params }))
    },
    enabled: computed(() => may('onboarding.application.read') && surroundings.value.place.level < 5),
  })
  const toTask = (found: Schemas['OnboardingApplicationsItem']): Task => ({
    key: found.id,
    icon: 'log-in',
    title: t('console.today.application', { name: found.name }),
    note: t('console.today.application_note', { place: found.tenant_name, date: formatTime(found.submitted_at, 'day') }),
    due: waited(found.submitted_at) === 0 ? '' : t('console.today.waits', { days: waited(found.submitted_at) }),
    isDue: false,
    to: `/console/${code.value}/applications?open=${found.id}`,
    action: t('console.today.review'),
  })
  return { query, tasks: computed(() => (query.data.value?.items ?? []).map(toTask)) }
}

function useEndingGrants({ code, may }: Acting) {
  const { t } = useI18n()
  const query = useQuery({
    queryKey: computed(() => ['identity', 'grants', 'ending', code.value]),
    queryFn: async () => {
      const params = { path: { tenant_code: code.value }, query: { ending: 'soon', limit: 100 } as const }
      return bodyOf(await api.GET('/api/v1/tenants/{tenant_code}/grants', { params })).items
    },
    enabled: computed(() => may('identity.grant.read')),
  })
  const toTask = (found: Ending): Task => ({
    key: found.id,
    icon: 'key-round',
    title: t('console.today.grant', { name: found.account_name, role: roleLabel(found.label, found.labels) }),
    note: t('console.today.grant_note', { place: found.tenant_name, date: formatTime(found.at, 'day') }),
    due: t('console.grants.days_left', { days: found.days }),
    isDue: found.days <= 1,
    to: `/console/${code.value}/accounts?ending=soon&tenant=${found.tenant}`,
    action: t('console.today.see'),
  })
  return { query, tasks: computed(() => endingSoon(query.data.value ?? []).slice(0, shown).map(toTask)) }
}

/** What is left of the set-up list; it stands in a card of its own. */
function useSetup({ code, may }: Acting) {
  const query = useQuery({
    queryKey: computed(() => ['onboarding', 'setup', code.value]),
    queryFn: () => readSetup(code.value),
    enabled: computed(() => may('tenancy.profile.write')),
  })
  return { query, left: computed(() => (query.data.value?.items ?? []).filter(({ done }) => !done).length) }
}

export function useWaiting(acting: Acting) {
  const setup = useSetup(acting)
  const parts = [useApplications(acting), useEndingGrants(acting)]
  const tasks = computed(() => parts.flatMap(({ tasks: own }) => own.value))
  return {
    tasks,
    count: computed(() => tasks.value.length + setup.left.value),
    isPending: computed(() => parts.some(({ query }) => query.isLoading.value)),
    problem: computed(() => parts.map(({ query }) => query.error.value).find((error) => error !== null) ?? null),
    retry: () => Promise.all(parts.map(({ query }) => query.refetch())),
  }
}
