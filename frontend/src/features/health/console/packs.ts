// Packs, and what applying one would change, or has.
import { useQuery } from '@tanstack/vue-query'
import { useI18n } from '@/shared/i18n/i18n'
import { askAgain } from '@/shared/api/again'
import { api, ours, type Schemas } from '@/shared/api/client'
import { isMoving, type Job } from '@/shared/jobs/jobs'
import { useHealthAct } from './health'

export type Pack = Schemas['PackOut']
export type PackAct = 'dry-run' | 'apply'
type PackJob = NonNullable<Pack['job']>
type Outcome = NonNullable<PackJob['outcome']>

const soon = 1500

export const stateOf = ({ state }: PackJob): Job['state'] => state as Job['state']
export const isBusy = ({ job }: Pack): boolean => job !== null && isMoving({ state: stateOf(job) })

export function usePacks() {
  return useQuery({
    queryKey: ['health', 'packs'],
    queryFn: async () => (await askAgain('packs', (headers) => api.GET('/api/v1/operator/packs', { headers }))).items,
    refetchInterval: ({ state: { data } }) => (data?.some(isBusy) === true ? soon : false),
  })
}

export function usePackActs() {
  const { t } = useI18n()
  return useHealthAct(
    ({ pack, act }: { pack: Pack; act: PackAct }) => {
      const params = { path: { pack_id: pack.id }, header: ours }
      return act === 'apply' ? api.POST('/api/v1/operator/packs/{pack_id}/apply', { params }) : api.POST('/api/v1/operator/packs/{pack_id}/dry-run', { params })
    },
    ({ pack, act }) => t(act === 'apply' ? 'console.health.pack.applying' : 'console.health.pack.trying', { name: pack.name }),
  )
}

const counted = ['added', 'renamed', 'roles', 'rules', 'profile'] as const

export interface Line {
  key: (typeof counted)[number]
  count: number
  /** The first of them, by name. */
  names: string[]
}

const countOf = (value: unknown): number => (typeof value === 'number' ? value : Array.isArray(value) ? value.length : 0)

function namesOf(value: unknown): string[] {
  if (!Array.isArray(value)) return []
  const nameOf = (one: unknown): unknown => (typeof one === 'object' && one !== null && 'name' in one ? one.name : one)
  return value.map(nameOf).filter((name): name is string => typeof name === 'string')
}

/** What is changed, as lines; without any, all is as the pack says. */
export function changesOf(outcome: Outcome): Line[] {
  return counted
    .map((key) => ({ key, count: countOf(outcome[key]), names: namesOf(key === 'added' || key === 'renamed' ? outcome[`first_${key}`] : key === 'roles' ? outcome[key] : []) }))
    .filter(({ count }) => count > 0)
}

export const leftAlone = (outcome: Outcome): number => countOf(outcome['left_alone'])
export const notesOf = (outcome: Outcome): string[] => namesOf(outcome['notes'])

/** Applied is what somebody has seen before: the dry run was the last thing done, and found something to change. */
export function mayApply({ job }: Pack): boolean {
  return job?.kind === 'pack.compare' && job.state === 'done' && job.outcome !== null && changesOf(job.outcome).length > 0
}
