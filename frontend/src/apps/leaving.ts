// The way off a page, one at a time: whatever else answers "signed out" meanwhile leads nowhere.
import { api, ours } from '@/shared/api/client'
import { Problem } from '@/shared/api/problem'

let isLeaving = false

function leave(to: string): void {
  isLeaving = true
  // A page that the browser kept whole is shown again as it was left.
  globalThis.addEventListener('pageshow', () => (isLeaving = false), { once: true })
  globalThis.location.assign(to)
}

/** After login the reader is back where the session ended, unless `ask` can ask for it here. */
export function toLogin(ask: () => boolean = () => false): void {
  const { pathname, search } = globalThis.location
  if (isLeaving || pathname === '/login' || ask()) return
  leave(`/login?next=${encodeURIComponent(pathname + search)}`)
}

/** Ends the session and goes to the front door. Raises Problem where the session goes on. */
export async function logOut(): Promise<void> {
  isLeaving = true
  try {
    await api.DELETE('/api/v1/session', { params: { header: ours } })
  } catch (error) {
    isLeaving = false
    if (!(error instanceof Problem && error.isSignedOut)) throw error
  }
  leave('/')
}
