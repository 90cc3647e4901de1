// Passkeys: made and shown by this browser, which asks for a finger, a face or a PIN.
import { api, bodyOf, ours } from '@/shared/api/client'
import { Problem } from '@/shared/api/problem'
import { textOr } from '@/shared/i18n/i18n'

const isAddress = (host: string): boolean => /^[\d.]+$/.test(host) || host.startsWith('[')

/** They belong to a name: where people type an address of numbers browsers have none. */
export const canShow = (): boolean => 'PublicKeyCredential' in globalThis && !isAddress(location.hostname)

/** Whoever turns the browser's own window away, or takes too long, is told on the page. */
async function byBrowser<Result>(act: () => Promise<Result>): Promise<Result> {
  try {
    return await act()
  } catch (error) {
    const isKnown = error instanceof Error && error.name === 'InvalidStateError'
    throw new Problem({ type: 'about:blank', title: textOr(isKnown ? 'factors.passkey_has' : 'factors.passkey_not', ''), status: -1 })
  }
}

/** Goes on with a login, or is the whole of one. */
export async function logInByPasskey(continuation?: string): Promise<void> {
  const more = continuation === undefined ? {} : { continuation }
  await api.POST('/api/v1/session/passkey', { params: { header: ours }, body: { ...more, ...(await show(more)) } })
}

/** Shows once more that it is the reader who sits there. */
export async function stepUpByPasskey(): Promise<void> {
  await api.POST('/api/v1/session/step-up/passkey', { params: { header: ours }, body: await show({}) })
}

async function show(more: { continuation?: string }) {
  const { ceremony, options } = bodyOf(await api.POST('/api/v1/session/passkey/options', { params: { header: ours }, body: more }))
  const { startAuthentication } = await import('@simplewebauthn/browser')
  const credential = await byBrowser(() => startAuthentication({ optionsJSON: options as never }))
  return { ceremony, credential: { ...credential } }
}

/** The codes on paper that come with the first second step. */
export async function makePasskey(name: string, password: string): Promise<string[]> {
  const { ceremony, options } = bodyOf(await api.POST('/api/v1/me/passkeys/options', { params: { header: ours }, body: password === '' ? {} : { password } }))
  const { startRegistration } = await import('@simplewebauthn/browser')
  const credential = await byBrowser(() => startRegistration({ optionsJSON: options as never }))
  return bodyOf(await api.POST('/api/v1/me/passkeys', { params: { header: ours }, body: { name, ceremony, credential: { ...credential } } })).recovery_codes
}
