// Asking again for what may not have changed: the server says so (304), and what was read before still holds.
import { Problem } from './problem'

interface Known {
  tag: string
  body: unknown
}
interface Answer<Body> {
  data?: Body
  response: Response
}

/** By what was asked for; as many as somebody looks at in one visit. */
const known = new Map<string, Known>()

/** `ask` sends the headers along. A body that never came is a fault of the server's: it was not asked to leave it out. */
export async function askAgain<Body>(key: string, ask: (headers: Record<string, string>) => Promise<Answer<Body>>): Promise<Body> {
  const before = known.get(key)
  const { data, response } = await ask(before === undefined ? {} : { 'If-None-Match': before.tag })
  if (response.status === 304) {
    if (before === undefined) throw new Problem({ type: 'about:blank', title: '304', status: 502 })
    return before.body as Body
  }
  const tag = response.headers.get('ETag')
  if (tag !== null) known.set(key, { tag, body: data })
  return data as Body
}
