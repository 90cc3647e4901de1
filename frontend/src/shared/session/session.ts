// Who is at the keyboard and what they may do where. The acting tenant is in the URL, never here.
import { useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'
import { api, bodyOf } from '@/shared/api/client'
import { Problem } from '@/shared/api/problem'
import { sessionKey } from '@/shared/api/query'
import type { paths } from '@/shared/api/generated/schema'
import { useSignedIn } from './signed-in'

export type Me = paths['/api/v1/me']['get']['responses'][200]['content']['application/json']
export type Grant = Me['grants'][number]
export type TenantGrant = Grant & { tenant: NonNullable<Grant['tenant']> }

export const isAtTenant = (grant: Grant): grant is TenantGrant => grant.tenant !== null

const isLive = ({ expires_at: end }: Grant, now: Date): boolean => end === null || new Date(end) > now

/** Permissions at a tenant: the union of what is granted there and above. `codes`: the tenant and its ancestors. */
export function permissionsAt(grants: readonly Grant[], codes: readonly string[], now = new Date()): Set<string> {
  const found = grants.filter((grant) => isLive(grant, now) && grant.tenant !== null && codes.includes(grant.tenant.code))
  return new Set(found.flatMap(({ permissions }) => permissions))
}

/** Permissions over the deployment itself, which are those of grants without a tenant. */
export function operatorPermissions(grants: readonly Grant[], now = new Date()): Set<string> {
  return new Set(grants.filter((grant) => isLive(grant, now) && grant.tenant === null).flatMap(({ permissions }) => permissions))
}

export function useSession() {
  const query = useQuery({ queryKey: sessionKey, queryFn: async () => bodyOf(await api.GET('/api/v1/me')) })
  const all = computed(() => query.data.value?.grants ?? [])
  return {
    query,
    account: computed(() => query.data.value?.account),
    all,
    /** Those at a tenant; a resident's and a member's give no right to its console. */
    grants: computed(() => all.value.filter(isAtTenant)),
    isOperator: computed(() => operatorPermissions(all.value).size > 0),
  }
}

async function readIfAny(): Promise<Me | null> {
  try {
    return bodyOf(await api.GET('/api/v1/me'))
  } catch (error) {
    if (error instanceof Problem && error.isSignedOut) return null
    throw error
  }
}

/** Who is at the keyboard of a page that is for everybody: null where nobody is logged in, and nobody is sent to the login. */
export function useVisitor() {
  const isSignedIn = useSignedIn()
  const query = useQuery({ queryKey: ['visitor'], queryFn: readIfAny, enabled: isSignedIn })
  const me = computed(() => (isSignedIn.value ? query.data.value : null))
  return {
    isPending: computed(() => isSignedIn.value && query.isPending.value),
    account: computed(() => me.value?.account ?? null),
    grants: computed(() => me.value?.grants ?? []),
  }
}

/** Where somebody who just logged in goes on: to their console, or without one to their own page. */
export function startOf({ grants }: Pick<Me, 'grants'>): string {
  return grants.some((grant) => isLive(grant, new Date()) && grant.permissions.length > 0) ? '/console' : '/me'
}
