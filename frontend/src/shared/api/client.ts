// The one way to our API: typed from its OpenAPI document, problems thrown as `Problem`.
import createClient, { type Client, type Middleware } from 'openapi-fetch'
import type { components, paths } from './generated/schema'
import { problemOf, unreachable } from './problem'
import { currentLocale } from '@/shared/i18n/i18n'
import { noteAddress } from '@/shared/place/moved'
import { askProof, howOf } from '@/shared/session/proof'
import { noteAnswer } from '@/shared/session/signed-in'

/** The bodies of our API, by the names its document gives them. */
export type Schemas = components['schemas']

const safe = new Set(['GET', 'HEAD', 'OPTIONS'])

const house: Middleware = {
  onRequest({ request }) {
    request.headers.set('Accept-Language', currentLocale())
    // A page of another site cannot set this header: it proves that the call is ours.
    if (!safe.has(request.method)) request.headers.set('X-Wuji-Request', '1')
    return request
  },
  async onResponse({ request, response }) {
    noteAddress(request.url, response.url, response.status)
    noteAnswer(request.method, new URL(request.url).pathname, response.status)
    if (!response.ok && response.status !== 304) throw await problemOf(response)
  },
  onError: ({ error }) => (error instanceof DOMException && error.name === 'AbortError' ? error : unreachable()),
}

/** What a fresh proof of the reader would let through is sent once more after it. */
async function sendProven(request: Request, send: typeof globalThis.fetch): Promise<Response> {
  const again = request.clone()
  const response = await send(request)
  const how = await howOf(response)
  const isWish = !safe.has(request.method)
  return how !== null && (await askProof(how, { isWish })) ? send(again) : response
}

/** A client for the paths of one document: the core's, or a plugin's own. */
export function createApi<Paths extends object>(fetch?: typeof globalThis.fetch): Client<Paths> {
  const client = createClient<Paths>({
    baseUrl: globalThis.location.origin,
    credentials: 'same-origin',
    fetch: (request) => sendProven(request, fetch ?? globalThis.fetch),
  })
  client.use(house)
  return client
}

export const api: Client<paths> = createApi<paths>()

/** What every unsafe call carries; the middleware sees to it, the types ask for it. */
export const ours = { 'X-Wuji-Request': '1' } as const

/** The header that says which version of a row the reader saw; the server refuses to overwrite a newer one. */
export function ifMatch(version: number): { 'X-Wuji-Request': '1'; 'If-Match': string } {
  return { ...ours, 'If-Match': `"${String(version)}"` }
}

/** The version of the row in an answer; 0 where it names none. */
export function versionOf({ response }: { response: Response }): number {
  return Number.parseInt((response.headers.get('ETag') ?? '').replace(/\D/g, ''), 10) || 0
}

/** The body of a call that succeeded: openapi-fetch leaves it optional, a failed call has thrown already. */
export function bodyOf<Body>({ data }: { data?: Body }): Body {
  return data as Body
}
