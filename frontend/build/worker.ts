// The service worker: hand-written, told by the build which files are the program and which build it is.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'

const source = resolve(import.meta.dirname, '../src/apps/portal/worker/worker.js')

/** `files`: addresses that a visitor without a connection needs; `page`: the portal's own, whose head the offline page has. */
export function workerOf(files: readonly string[], page: string): string {
  const code = readFileSync(source, 'utf8')
  const version = createHash('sha256').update(files.join()).update(page).update(code).digest('hex').slice(0, 12)
  return `const VERSION = ${JSON.stringify(version)}\nconst FILES = ${JSON.stringify(files)}\n${code}`
}
