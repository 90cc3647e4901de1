// Whatever goes wrong with a call arrives as one thing: the problem document of RFC 9457, or one of our own making.

export interface FieldError {
  /** JSON pointer to the field in the body that was sent, as a fragment: #/contact/phone. A query's begins with `?`. */
  pointer: string
  message: string
}

export interface ProblemDocument {
  type: string
  title: string
  status: number
  detail?: string
  instance?: string
  errors?: FieldError[]
}

export class Problem extends Error implements ProblemDocument {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string | undefined
  readonly instance: string | undefined
  readonly errors: FieldError[]
  /** What the problem brings beside the usual, such as how to go on. */
  readonly members: Readonly<Record<string, unknown>>
  /** What the reader can tell an administrator. */
  readonly requestId: string | undefined

  constructor(document: ProblemDocument, requestId?: string) {
    super(document.detail ?? document.title)
    this.name = 'Problem'
    this.type = document.type
    this.title = document.title
    this.status = document.status
    this.detail = document.detail
    this.instance = document.instance
    this.errors = document.errors ?? []
    this.members = { ...document }
    this.requestId = requestId
  }

  /** The network failed: nothing is known about what the server did. */
  get isUnreachable(): boolean {
    return this.status === 0
  }
  get isSignedOut(): boolean {
    return this.status === 401
  }
  get isNotFound(): boolean {
    return this.status === 404
  }
  /** Somebody else changed the row in between. */
  get isConflict(): boolean {
    return this.status === 409 || this.status === 412
  }

  /** The message of one field, by its name or pointer. */
  errorOf(field: string): string | undefined {
    return this.errors.find(({ pointer }) => pointer.replace(/^#?\//, '') === field.replace(/^\//, ''))?.message
  }
}

function isDocument(body: unknown): body is ProblemDocument {
  return typeof body === 'object' && body !== null && 'title' in body && typeof body.title === 'string'
}

/** Reads a failed answer; a proxy's HTML page becomes a problem too. */
export async function problemOf(response: Response): Promise<Problem> {
  const requestId = response.headers.get('X-Request-Id') ?? undefined
  const isJson = response.headers.get('Content-Type')?.includes('json') === true
  const body: unknown = isJson ? await response.json().catch(() => null) : null
  const known = isDocument(body) ? body : { type: 'about:blank', title: response.statusText }
  return new Problem({ ...known, status: response.status }, requestId)
}

export function unreachable(): Problem {
  return new Problem({ type: 'about:blank', title: '', status: 0 })
}
