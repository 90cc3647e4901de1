// The jobs that somebody waits for in this browser: shown on every page, after a reload too, until they are put away.
import { readonly, ref } from 'vue'
import { remember, remembered } from '@/shared/storage/storage'

const key = 'jobs'
/** Who starts more at once finds the rest in the list of all. */
const most = 8

function read(): string[] {
  const found: unknown = JSON.parse(remembered(key) ?? '[]')
  return Array.isArray(found) ? found.filter((id): id is string => typeof id === 'string') : []
}

const ids = ref<string[]>(read())
const isShown = ref(false)

function keep(now: string[]): void {
  ids.value = now
  remember(key, now.length === 0 ? null : JSON.stringify(now))
}

/** Shows a job that was just begun. */
export function follow(id: string): void {
  keep([id, ...ids.value.filter((other) => other !== id)].slice(0, most))
  isShown.value = true
}

/** Another reader's job, one that is gone, or one that needs no more. */
export function putAway(id: string): void {
  keep(ids.value.filter((other) => other !== id))
}

export function useFollowed() {
  return { ids: readonly(ids), isShown }
}
