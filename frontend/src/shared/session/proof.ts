// What asks for a fresh proof of who the reader is: the page asks where it stands, and what was asked for goes on by itself.
import { onScopeDispose, readonly, shallowRef } from 'vue'

/** What the reader shows, or has to do elsewhere first. */
export type How = 'factor' | 'password' | 'login' | 'set_up' | 'new_password'
const ways: readonly string[] = ['factor', 'password', 'login', 'set_up', 'new_password'] satisfies How[]
/** Whoever turned it away is not asked again by what a page reads on its own. */
const rest = 5 * 60_000

const how = shallowRef<How | null>(null)
let watchers = 0
let declined = Number.NEGATIVE_INFINITY
let waiting: Promise<boolean> | null = null
let answer: ((proven: boolean) => void) | null = null

function isHow(value: unknown): value is How {
  return typeof value === 'string' && ways.includes(value)
}

/** How a refusal can be mended on the page; null where it is none of these. */
export async function howOf(response: Response): Promise<How | null> {
  if (response.status !== 403) return null
  const body: unknown = await response.clone().json().catch(() => null)
  const found: unknown = typeof body === 'object' && body !== null && 'how' in body ? body.how : null
  return isHow(found) ? found : null
}

/** True once the reader has shown who they are; false where they did not, or no part of the page can ask. */
export function askProof(wanted: How, { isWish }: { isWish: boolean }): Promise<boolean> {
  if (watchers === 0 || (!isWish && Date.now() - declined < rest)) return Promise.resolve(false)
  waiting ??= new Promise<boolean>((resolve) => {
    how.value = wanted
    answer = resolve
  })
  return waiting
}

function settle(proven: boolean): void {
  if (!proven) declined = Date.now()
  how.value = waiting = null
  answer?.(proven)
}

/** For a shell that shows what asks, maybe a moment later: from now on until it leaves. */
export function canAskProof(): void {
  watchers += 1
  onScopeDispose(() => {
    watchers -= 1
    if (how.value) settle(false)
  })
}

/** For the part that asks. */
export function useProof() {
  return { how: readonly(how), settle }
}
