// Whoever has just made their account is logged in with it.
import { api, ours } from '@/shared/api/client'
import { Problem } from '@/shared/api/problem'

/** What makes an account. */
export interface Typed {
  name: string
  login: string
  password: string
}

/** The account stands whatever becomes of this; where it fails, the page still offers the login. */
export async function enter({ login, password }: { login: string; password: string }): Promise<void> {
  try {
    await api.POST('/api/v1/session', { params: { header: ours }, body: { login, password } })
  } catch (error) {
    if (!(error instanceof Problem)) throw error
  }
}
