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
export const apps = ['console', 'portal', 'screen', 'tv'] as const
/** What an app does without, and what of it it says after all; texts.test.ts watches over it. */
const without: Record<(typeof apps)[number], readonly string[]> = {
  console: ['inbox.factor.', 'pages.', 'portal.', 'screen.', 'tv.'],
  portal: ['console.', 'figures.', 'governance.', 'identity.login_kind.', 'identity.oauth_client.', 'inbox.factor.', 'journal.', 'kit.chart.', 'kit.list_chart.', 'onboarding.setup.', 'pages.', 'screen.', 'tenancy.contradiction.', 'tv.', 'work.'],
  screen: ['console.', 'governance.', 'identity.', 'inbox.', 'journal.', 'live.', 'onboarding.', 'pages.', 'portal.', 'rollup.', 'search.', 'tenancy.', 'tv.', 'work.'],
  tv: ['console.', 'factors.', 'figures.', 'governance.', 'identity.', 'inbox.', 'journal.', 'live.', 'onboarding.', 'pages.', 'portal.', 'programs.', 'rollup.', 'screen.', 'search.', 'tenancy.', 'work.'],
}
/** Groups of every feature that the server alone says, and those that only officials read. */
const unsaid: Record<(typeof apps)[number], RegExp> = {
  console: /^\w+\.(problem|invalid|retention|purpose|moved)\./,
  portal: /^\w+\.(problem|invalid|retention|purpose|moved|lists?|choice|permission|setting|verb|handler|task|topic|channel|mail)\./,
  screen: /^\w+\.(problem|invalid|retention|purpose|moved|list|permission|setting|verb|handler|task|topic|channel|mail)\./,
  tv: /^\w+\.(problem|invalid|retention|purpose|moved|list|permission|setting|verb|handler|task|topic|channel|mail)\./,
}
const still: Record<(typeof apps)[number], readonly string[]> = {
  console: ['screen.setting.'],
  screen: [],
  tv: ['screen.term.'],
  portal: ['console.account.', 'console.operator.', 'console.sessions.', 'console.tree.category.', 'onboarding.invalid.'],
}
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

/** What one app may say: a visitor's first load carries no words of the console. */
export function catalogueOf(app: (typeof apps)[number], language: Language): Catalogue {
  const isOne = (key: string, starts: readonly string[]): boolean => starts.some((start) => key.startsWith(start))
  const kept: Catalogue = {}
  for (const [key, text] of Object.entries(flatten(catalogue(language)))) {
    const isLeft = isOne(key, without[app]) || unsaid[app].test(key)
    if (!isLeft || isOne(key, still[app])) place(kept, key.split('.'), text, key)
  }
  return kept
}

/** Serves `virtual:texts/<language>` and `virtual:texts/<language>/<app>`; an edited catalogue reloads the page in development. */
export function catalogues(): Plugin {
  let isBuild = false
  return {
    name: 'wuji-catalogues',
    configResolved: ({ command }) => void (isBuild = command === 'build'),
    resolveId: (id) => (id.startsWith(prefix) ? `\0${id}` : undefined),
    load(id) {
      const [wanted, app] = id.startsWith(`\0${prefix}`) ? id.slice(prefix.length + 1).split('/') : []
      const language = languages.find((name) => name === wanted)
      if (language === undefined) return undefined
      for (const folder of localeFolders()) this.addWatchFile(join(folder, `${language}.json`))
      // In development the console shows the parts of every app.
      const known = isBuild && apps.find((name) => name === app)
      return `export default ${JSON.stringify(known ? catalogueOf(known, language) : catalogue(language))}`
    },
  }
}
