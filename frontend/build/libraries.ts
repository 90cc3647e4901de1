// Libraries of this folder that plugins of this repository may bundle: they have no node_modules of their own.
import { resolve } from 'node:path'
import type { Plugin } from 'vite'
import found from '../package.json' with { type: 'json' }

export const libraries: string[] = Object.keys(found.dependencies).filter((name) => name.startsWith('prosemirror-'))

/** Looks for them here; each is resolved once, so that two plugins' parts of one library never meet. */
export function ourLibraries(): Plugin {
  const here = resolve(import.meta.dirname, '../package.json')
  return {
    name: 'wuji-libraries',
    enforce: 'pre',
    resolveId(id) {
      return libraries.includes(id) ? this.resolve(id, here, { skipSelf: true }) : undefined
    },
  }
}
