// Sends a file and tells how far it has come, which fetch cannot.
import { problemOf, unreachable } from '@/shared/api/problem'
import { currentLocale } from '@/shared/i18n/i18n'

export interface Upload {
  file: Blob
  /** What else is said of it, such as its name; it stands in the address. */
  query?: Record<string, string>
  /** Told how much has been sent, from 0 to 1. */
  progress?: (share: number) => void
  signal?: AbortSignal
}

/** The answer as fetch would give it; a status that carries no body has none here either. */
function responseOf(request: XMLHttpRequest): Response {
  const headers = new Headers({ 'Content-Type': request.getResponseHeader('Content-Type') ?? '' })
  const id = request.getResponseHeader('X-Request-Id')
  if (id !== null) headers.set('X-Request-Id', id)
  const body = request.status === 204 ? null : request.responseText
  return new Response(body, { status: request.status, statusText: request.statusText, headers })
}

/** The body is the file itself. */
function answered(url: string, upload: Upload): Promise<Response> {
  return new Promise((resolve, reject: (reason: Error) => void) => {
    const request = new XMLHttpRequest()
    request.open('POST', upload.query ? `${url}?${new URLSearchParams(upload.query).toString()}` : url)
    request.setRequestHeader('Content-Type', 'application/octet-stream')
    request.setRequestHeader('Accept', 'application/json, application/problem+json')
    request.setRequestHeader('Accept-Language', currentLocale())
    request.setRequestHeader('X-Wuji-Request', '1')
    request.upload.onprogress = ({ loaded, total }) => upload.progress?.(total === 0 ? 0 : loaded / total)
    request.onload = () => resolve(responseOf(request))
    request.onerror = () => reject(unreachable())
    request.onabort = () => reject(new DOMException('', 'AbortError'))
    upload.signal?.addEventListener('abort', () => request.abort())
    request.send(upload.file)
  })
}

/** Gives the body of the answer; throws a Problem. */
export async function send(url: string, upload: Upload): Promise<unknown> {
  const response = await answered(url, upload)
  if (!response.ok) throw await problemOf(response)
  const text = await response.text()
  return text === '' ? undefined : (JSON.parse(text) as unknown)
}
