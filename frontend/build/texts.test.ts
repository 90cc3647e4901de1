// Texts: both languages say the same things, and nothing is asked for that no catalogue holds.
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'
import { catalogue, flatten } from './catalogues.ts'

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
