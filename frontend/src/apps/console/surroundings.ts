// Where the acting tenant stands: the way down to it, as far as the reader may enter, and how many stand below it.
import { useQueries, useQuery } from '@tanstack/vue-query'
import { computed, type ComputedRef } from 'vue'
import { api, bodyOf, type Schemas } from '@/shared/api/client'
import type { Level, Place, Surroundings } from '@/shared/place/place'
import { permissionsAt, type TenantGrant } from '@/shared/session/session'

type Found = Schemas['TenantOut']
const seldom = 300_000

const toPlace = ({ code, name, level }: { code: string; name: string; level: number }): Place => ({ code, name, level: level as Level })

/** Whoever acts at a tenant acts at all that lies below it, and at nothing above. */
export function enterable(ancestors: readonly Place[], codes: readonly string[]): Place[] {
  const first = ancestors.findIndex(({ code }) => codes.includes(code))
  return first === -1 ? [] : ancestors.slice(first)
}

function useDirectory(code: ComputedRef<string>) {
  return useQuery({
    queryKey: computed(() => ['tenancy', 'directory', code.value]),
    queryFn: async ({ signal }) => bodyOf(await api.GET('/api/v1/tenants/{tenant_code}', { params: { path: { tenant_code: code.value } }, signal })),
    staleTime: seldom,
  })
}

/** Counts of each deeper level: the list of one level is of everything below. */
function useBelow(code: ComputedRef<string>, level: ComputedRef<Level | undefined>) {
  const levels = computed(() => ([2, 3, 4, 5] as const).filter((deeper) => level.value !== undefined && deeper > level.value))
  const counts = useQueries({
    queries: computed(() =>
      levels.value.map((deeper) => ({
        queryKey: ['tenancy', 'below', code.value, deeper],
        queryFn: async () => {
          const params = { path: { tenant_code: code.value }, query: { level: deeper, limit: 1 } }
          return bodyOf(await api.GET('/api/v1/tenants/{tenant_code}/tenants', { params })).total
        },
        staleTime: seldom,
      })),
    ),
  })
  return computed(() =>
    levels.value.flatMap((deeper, index) => {
      const total = counts.value[index]?.data
      return total && total.value > 0 ? [{ level: deeper, total }] : []
    }),
  )
}

/** Where the tenant is not in the directory (suspended) or not yet read, its grant tells its name. */
function placeOf(code: string, found: Found | undefined, grant: TenantGrant | undefined): Place {
  const known = found ?? grant?.tenant
  return known ? toPlace({ ...known, code }) : { code, name: code, level: 1 }
}

export function useSurroundings(code: ComputedRef<string>, grants: ComputedRef<TenantGrant[]>) {
  const directory = useDirectory(code)
  const found = computed(() => directory.data.value)
  const ancestors = computed(() => (found.value?.ancestors ?? []).map(toPlace))
  const own = computed(() => grants.value.find(({ tenant }) => tenant.code === code.value))
  const place = computed(() => placeOf(code.value, found.value, own.value))
  /** The tenant and all above it: where a grant counts here. */
  const path = computed(() => [code.value, ...ancestors.value.map((ancestor) => ancestor.code)])
  const permissions = computed(() => permissionsAt(grants.value, path.value))
  const below = useBelow(code, computed(() => (found.value && permissions.value.has('tenancy.tenant.read') ? place.value.level : undefined)))
  const codes = computed(() => grants.value.map(({ tenant }) => tenant.code))
  return {
    directory,
    surroundings: computed<Surroundings>(() => ({ place: place.value, ancestors: enterable(ancestors.value, codes.value), below: below.value, zone: found.value?.zone })),
    isRoot: computed(() => found.value?.ancestors.length === 0),
    path,
    permissions,
  }
}
