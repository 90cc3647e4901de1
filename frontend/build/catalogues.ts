// Texts lie beside their feature, for Python and Vue alike; this joins them into one catalogue per language.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import type { Plugin } from 'vite'

export interface Catalogue {
  [key: string]: string | Catalogue
}

export const languages = ['zh-CN', 'en'] as const
export type Language = (typeof languages)[number]

const prefix = 'virtual:texts/'
const root = resolve(import.meta.dirname, '..')
const core = resolve(root, '../core/wuji')

function localeFolders(): string[] {
  const own = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((path) => basename(path) === 'locales')
    .map((path) => join(root, 'src', path))
  const features = existsSync(core) ? readdirSync(core).map((name) => join(core, name, 'locales')) : []
  const hasTexts = (path: string): boolean => existsSync(path) && readdirSync(path).some((name) => name.endsWith('.json'))
  return [...features, ...own].filter(hasTexts).sort()
}

function place(target: Catalogue, path: string[], value: string, source: string): void {
  const [head, ...rest] = path
  if (head === undefined) throw new Error(`${source}: a text without a key`)
  const there = target[head]
  if (rest.length === 0) {
    if (there !== undefined) throw new Error(`${source}: the key ends where another begins, or stands twice: ${head}`)
    target[head] = value
    return
  }
  if (typeof there === 'string') throw new Error(`${source}: ${head} is a text and a group of texts`)
  const group = there ?? {}
  target[head] = group
  place(group, rest, value, source)
}

function merge(target: Catalogue, path: string[], found: Catalogue, source: string): void {
  for (const [key, value] of Object.entries(found)) {
    const here = [...path, ...key.split('.')]
    if (typeof value === 'string') place(target, here, value, source)
    else merge(target, here, value, source)
  }
}

/** One catalogue of all features, keyed by the folder that holds `locales`; keys may be nested or dotted. */
export function catalogue(language: Language): Catalogue {
  const all: Catalogue = {}
  for (const folder of localeFolders()) {
    const file = join(folder, `${language}.json`)
    if (!existsSync(file)) throw new Error(`no texts in ${language}: ${file}`)
    merge(all, [basename(dirname(folder))], JSON.parse(readFileSync(file, 'utf8')) as Catalogue, file)
  }
  return all
}

/** Every text by its full dotted key. */
export function flatten(found: Catalogue, path = ''): Record<string, string> {
  return Object.fromEntries(
    Object.entries(found).flatMap(([key, value]) =>
      typeof value === 'string' ? [[path + key, value] as const] : Object.entries(flatten(value, `${path}${key}.`)),
    ),
  )
}

/** Serves `virtual:texts/<language>`; an edited catalogue reloads the page in development. */
export function catalogues(): Plugin {
  return {
    name: 'wuji-catalogues',
    resolveId: (id) => (id.startsWith(prefix) ? `\0${id}` : undefined),
    load(id) {
      const language = languages.find((name) => id === `\0${prefix}${name}`)
      if (language === undefined) return undefined
      for (const folder of localeFolders()) this.addWatchFile(join(folder, `${language}.json`))
      return `export default ${JSON.stringify(catalogue(language))}`
    },
  }
}
