// Calls to the plugin's own part of the API, without types of its own: a plugin with a document uses createApi.
import { createApi } from '@/shared/api/client'

interface Options {
  query?: Record<string, unknown>
  headers?: Record<string, string>
  body?: unknown
}
type Init = Record<string, unknown>
type Method = 'get' | 'post' | 'put' | 'patch' | 'delete'

const client = createApi<Record<string, Record<Method, object>>>()

async function call(method: Method, path: string, { query, headers, body }: Options): Promise<unknown> {
  const { data } = await client.request(method, path, { params: { query }, headers, body } as Init)
  return data
}

/** Each call gives the body of the answer and throws a Problem. */
export const api = {
  get: (path: string, options: Options = {}) => call('get', path, options),
  post: (path: string, body?: unknown, options: Options = {}) => call('post', path, { ...options, body }),
  put: (path: string, body?: unknown, options: Options = {}) => call('put', path, { ...options, body }),
  patch: (path: string, body?: unknown, options: Options = {}) => call('patch', path, { ...options, body }),
  delete: (path: string, options: Options = {}) => call('delete', path, options),
}
