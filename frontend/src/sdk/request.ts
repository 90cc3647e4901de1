// Calls to the plugin's own part of the API at the tenant of the page.
import { createApi, ifMatch, versionOf } from '@/shared/api/client'
import { below, usePluginContext } from '@/shared/plugin/context'
import { send, type Upload } from './upload'

interface Options {
  query?: Record<string, unknown>
  headers?: Record<string, string>
  /** The version of the row that was read: the server refuses to overwrite a newer one. */
  version?: number
  signal?: AbortSignal
}
type Method = 'get' | 'post' | 'put' | 'patch' | 'delete'

const client = createApi<Record<string, Record<Method, object>>>()

async function call(method: Method, path: string, { query, headers, version, signal }: Options, body?: unknown) {
  const all = { ...(version !== undefined && ifMatch(version)), ...headers }
  const init: Record<string, unknown> = { params: { query }, headers: all, body, signal }
  return await client.request(method, path, init)
}

export interface Read {
  body: unknown
  /** To be given back with a change; 0 where the answer names none. */
  version: number
}

/** Paths are those below /api/v1/tenants/<code>/<plugin>/. Each call gives the answer's body and throws a Problem. */
export interface PluginApi {
  get: (path: string, options?: Options) => Promise<unknown>
  read: (path: string, options?: Options) => Promise<Read>
  post: (path: string, body?: unknown, options?: Options) => Promise<unknown>
  put: (path: string, body?: unknown, options?: Options) => Promise<unknown>
  patch: (path: string, body?: unknown, options?: Options) => Promise<unknown>
  delete: (path: string, options?: Options) => Promise<unknown>
  upload: (path: string, upload: Upload) => Promise<unknown>
  /** The address of a file or picture. */
  url: (path: string) => string
}

export function useApi(): PluginApi {
  const { id, code } = usePluginContext()
  const url = (path: string): string => below(`/api/v1/tenants/${code.value}/${id}`, path)
  const body = async (answer: ReturnType<typeof call>): Promise<unknown> => (await answer).data
  return {
    get: (path, options = {}) => body(call('get', url(path), options)),
    read: async (path, options = {}) => {
      const answer = await call('get', url(path), options)
      return { body: answer.data, version: versionOf(answer) }
    },
    post: (path, sent, options = {}) => body(call('post', url(path), options, sent)),
    put: (path, sent, options = {}) => body(call('put', url(path), options, sent)),
    patch: (path, sent, options = {}) => body(call('patch', url(path), options, sent)),
    delete: (path, options = {}) => body(call('delete', url(path), options)),
    upload: (path, upload) => send(url(path), upload),
    url,
  }
}
