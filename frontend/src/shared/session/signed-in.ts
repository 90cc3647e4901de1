// Whether this browser is logged in, as far as it knows: the session's cookie is kept from scripts. It decides what is
// offered (log in, my page), never what is allowed.
import { readonly, ref } from 'vue'
import { remember, remembered } from '@/shared/storage/storage'

const key = 'signed-in'
const isSignedIn = ref(remembered(key) === 'yes')

function set(is: boolean): void {
  if (isSignedIn.value === is) return
  isSignedIn.value = is
  remember(key, is ? 'yes' : null)
}

const logins = ['/api/v1/session', '/api/v1/session/factor', '/api/v1/session/passkey']

/** What an answer says about it. A wrong password, code or passkey ends no session. */
export function noteAnswer(method: string, path: string, status: number): void {
  if (logins.includes(path) && status < 300) set(method === 'POST')
  else if (path === '/api/v1/me' && status < 300) set(true)
  else if (!path.startsWith('/api/v1/session') && status === 401) set(false)
}

export function useSignedIn() {
  return readonly(isSignedIn)
}
