// A tenant may get another code, or become part of another one, while a page stands open at its old address. An answer that came
// from elsewhere, or a refusal, says that it may be so; whoever shows the tenant then asks for it anew.
import { onScopeDispose, toValue, type MaybeRefOrGetter } from 'vue'

const listeners = new Set<(code: string) => void>()
/** What is asked at a tenant; the tenant itself is asked for by whoever listens here. */
const codeOf = (url: string): string | undefined => /\/api\/v1\/tenants\/([^/?]+)\/./.exec(url)?.[1]

/** Of every answer: which address was asked, and which one answered. */
export function noteAddress(asked: string, answered: string, status: number): void {
  const code = codeOf(asked)
  if (code === undefined || (status !== 404 && codeOf(answered || asked) === code)) return
  for (const hear of listeners) hear(code)
}

/** Calls `act` when this code may be one of before. */
export function useDoubts(code: MaybeRefOrGetter<string>, act: () => unknown): void {
  const hear = (doubted: string): void => {
    if (doubted === toValue(code)) act()
  }
  listeners.add(hear)
  onScopeDispose(() => listeners.delete(hear))
}
