// Texts: both languages say the same things, and nothing is asked for that no catalogue holds.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { expect, it } from 'vitest'
import { apps, catalogue, catalogueOf, flatten, languages, type Catalogue } from './catalogues.ts'

const source = resolve(import.meta.dirname, '../src')
const chinese = flatten(catalogue('zh-CN'))
const english = flatten(catalogue('en'))
const placeholders = (text: string | undefined): string[] => [...(text ?? '').matchAll(/\{(\w+)\}/g)].map((found) => found[1] ?? '').sort()

function sources(): string[] {
  return readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(ts|vue)$/.test(path) && !path.endsWith('.test.ts'))
    .map((path) => readFileSync(join(source, path), 'utf8'))
}

it('stands in both languages', () => {
  expect(Object.keys(english).sort()).toEqual(Object.keys(chinese).sort())
})

it('fills the same blanks in both languages', () => {
  const differing = Object.keys(chinese).filter((key) => placeholders(chinese[key]).join() !== placeholders(english[key]).join())
  expect(differing).toEqual([])
})

it('is there for every key that a page asks for', () => {
  const asked = sources().flatMap((text) => [...text.matchAll(/\bt\(\s*['"]([\w.]+)['"]/g)].map((found) => found[1] ?? ''))
  expect(asked.length).toBeGreaterThan(20)
  expect(asked.filter((key) => !(key in chinese))).toEqual([])
})

it('is there under every key that a page builds', () => {
  const built = sources().flatMap((text) => [...text.matchAll(/\bt\(\s*`([\w.]+)\.\$\{/g)].map((found) => found[1] ?? ''))
  const known = Object.keys(chinese)
  expect(built.length).toBeGreaterThan(2)
  expect(built.filter((start) => !known.some((key) => key.startsWith(`${start}.`)))).toEqual([])
})

/** Keys that are built, as patterns: every blank of a template stands for one word. */
function patterns(all: string): RegExp[] {
  const built = [...all.matchAll(/`([a-z_]+\.[^`\s]*\$\{[^`]*)`/g)].map((found) => found[1] ?? '')
  return built.map((key) => new RegExp(`^${key.replaceAll('.', '\\.').replace(/\$\{[^}]*\}/g, '[\\w-]+')}$`))
}

it('is used: the texts of kit and apps are all asked for', () => {
  const all = sources().join('\n')
  const built = patterns(all)
  const own = Object.keys(chinese).filter((key) => /^(console|portal)\./.test(key))
  expect(own.filter((key) => !all.includes(key) && !built.some((pattern) => pattern.test(key)))).toEqual([])
})

/** Plugins keep their texts themselves: what their pages ask for stands in both of their catalogues. */
function plugins(): { id: string; asked: string[]; texts: Record<string, string>[] }[] {
  const folder = resolve(import.meta.dirname, '../../plugins')
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, 'ui')))
    .map(({ name }) => {
      const ui = join(folder, name, 'ui')
      const pages = readdirSync(ui, { recursive: true, encoding: 'utf8' }).filter((path) => /\.(ts|vue)$/.test(path) && !/^dist|\.test\.ts$/.test(path))
      const asked = pages.flatMap((path) => [...readFileSync(join(ui, path), 'utf8').matchAll(/\bt\(\s*['"]([\w.]+)['"]/g)].map((found) => found[1] ?? ''))
      const texts = languages.map((language) => flatten(JSON.parse(readFileSync(join(folder, name, 'locales', `${language}.json`), 'utf8')) as Catalogue))
      return { id: name, asked, texts }
    })
}

it.each(plugins())('is there for every key that the pages of $id ask for', ({ asked, texts }) => {
  for (const catalogue of texts) expect(asked.filter((key) => !(key in catalogue))).toEqual([])
})

/** Every file that an app may load, its features' included. */
function filesOf(app: string): string[] {
  const found = new Set<string>()
  const visit = (file: string): void => {
    if (found.has(file) || file.includes('/stories/') || !existsSync(file) || !/\.(ts|vue)$/.test(file)) return
    found.add(file)
    const names = [...readFileSync(file, 'utf8').matchAll(/(?:from|import)\s*\(?\s*'([@.][^']*)'/g)].map(([, name = '']) => name)
    for (const name of names) {
      const path = name.startsWith('@/') ? join(source, name.slice(2)) : resolve(dirname(file), name)
      visit(/\.\w+$/.test(path) ? path : `${path}.ts`)
    }
  }
  const features = readdirSync(join(source, 'features')).map((name) => join(source, 'features', name, `${app}.ts`))
  for (const file of [join(source, 'apps', app, 'main.ts'), ...features]) visit(file)
  return [...found]
}

it.each(apps)('is there in the %s for every key that it may ask for', (app) => {
  const files = filesOf(app)
  const own = flatten(catalogueOf(app, 'zh-CN'))
  const all = files.map((file) => readFileSync(file, 'utf8')).join('\n')
  const named = [...all.matchAll(/['"]([a-z_]+(?:\.[\w-]+)+)['"]/g)].map((found) => found[1] ?? '')
  const built = [...all.matchAll(/`([a-z_]+\.[\w.]*)\.\$\{/g)].map((found) => `${found[1] ?? ''}.`)
  const knows = (texts: object, start: string): boolean => Object.keys(texts).some((key) => key.startsWith(start))
  expect(files.length).toBeGreaterThan(30)
  expect(named.filter((key) => key in chinese && !(key in own))).toEqual([])
  expect(built.filter((start) => knows(chinese, start) && !knows(own, start))).toEqual([])
})
