// What Flask needs beside the files: facades at stable URLs, the manifest of entries, CSP hashes, compressed copies.
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import type { Plugin, Rolldown } from 'vite'
import { base, entries, facades } from './entries.ts'
import { workerOf } from './worker.ts'

type Bundle = Rolldown.OutputBundle

interface EntryFiles {
  html: string
  js: string[]
  css: string[]
  /** First load in bytes of brotli. */
  size: number
}

const brotli = (content: Buffer): Buffer =>
  brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } })

function inlineHashes(html: string): string[] {
  const scripts = [...html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g)].map((found) => found[1] ?? '')
  return scripts.map((script) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`)
}

function chunkOf(bundle: Bundle, file: string): Rolldown.OutputChunk {
  const found = Object.values(bundle).find((item) => item.type === 'chunk' && item.facadeModuleId === resolve(file))
  if (found?.type !== 'chunk') throw new Error(`no chunk for ${file}`)
  return found
}

/** The files a page waits for: its chunk and everything that chunk imports statically, with their styles. */
function firstLoad(bundle: Bundle, start: Rolldown.OutputChunk): { js: string[]; css: string[] } {
  const js = new Set<string>()
  const css = new Set<string>()
  const visit = (file: string): void => {
    const chunk = bundle[file]
    if (js.has(file) || chunk?.type !== 'chunk') return
    js.add(file)
    chunk.imports.forEach(visit)
    // Styles of what is imported come first: a surface narrows the kit.
    for (const style of chunk.viteMetadata?.importedCss ?? []) css.add(style)
  }
  visit(start.fileName)
  return { js: [...js], css: [...css] }
}

function filesOf(dist: string, bundle: Bundle, name: string): EntryFiles {
  const html = `${name}.html`
  const { js, css } = firstLoad(bundle, chunkOf(bundle, html))
  const size = [html, ...js, ...css].reduce((sum, file) => sum + brotli(readFileSync(join(dist, file))).length, 0)
  return { html, js, css, size }
}

function writeFacades(dist: string, bundle: Bundle): Record<string, string> {
  mkdirSync(join(dist, 'sdk/v1'), { recursive: true })
  const urls = Object.entries(facades).map(([name, { file }]) => [name, base + chunkOf(bundle, file).fileName] as const)
  for (const [name, url] of urls) writeFileSync(join(dist, 'sdk/v1', `${name}.js`), `export * from "${url}"\n`)
  return Object.fromEntries(urls)
}

function writeWorker(dist: string, portal: EntryFiles | undefined): void {
  if (!portal) throw new Error('there is no portal to keep')
  const files = ['/offline', ...[...portal.js, ...portal.css].map((file) => base + file)]
  writeFileSync(join(dist, 'sw.js'), workerOf(files, readFileSync(join(dist, portal.html), 'utf8')))
}

function checkBudgets(found: Record<string, EntryFiles>): void {
  for (const [name, { size }] of Object.entries(found)) {
    const budget = entries[name]?.budget ?? 0
    const text = `${name}: first load ${(size / 1000).toFixed(1)} kB of ${String(budget)} kB`
    if (size > budget * 1000) throw new Error(`${text}: too big`)
    console.info(text)
  }
}

/** A surface narrows the kit, so the kit's sheet is the first of every entry; a new division into files may turn that round. */
function checkSheets(found: Record<string, EntryFiles>): void {
  const first = new Set(Object.values(found).map(({ css }) => css[0]))
  if (first.size !== 1) throw new Error(`the sheet of the kit must come first in every entry, found: ${[...first].join(', ')}`)
}

function compressAll(dist: string): void {
  for (const path of readdirSync(dist, { recursive: true, encoding: 'utf8' })) {
    if (!/\.(js|css|html|svg|json)$/.test(path)) continue
    const content = readFileSync(join(dist, path))
    writeFileSync(join(dist, `${path}.br`), brotli(content))
    writeFileSync(join(dist, `${path}.gz`), gzipSync(content, { level: 9 }))
  }
}

export function forFlask(): Plugin {
  return {
    name: 'wuji-for-flask',
    apply: 'build',
    enforce: 'post',
    generateBundle(_options, bundle) {
      const modules = Object.values(bundle).flatMap((item) => (item.type === 'chunk' ? item.moduleIds : []))
      const leaked = modules.find((id) => id.includes('/src/stories/'))
      if (leaked !== undefined) throw new Error(`stories are for development only: ${leaked}`)
    },
    writeBundle({ dir }, bundle) {
      const dist = dir ?? 'dist'
      const found = Object.fromEntries(Object.keys(entries).map((name) => [name, filesOf(dist, bundle, name)]))
      const html = Object.values(found).map((entry) => readFileSync(join(dist, entry.html), 'utf8'))
      const csp = [...new Set(html.flatMap(inlineHashes))]
      const shared = { base, csp, entries: found, sdk: writeFacades(dist, bundle) }
      writeFileSync(join(dist, 'shared.json'), `${JSON.stringify(shared, null, 1)}\n`)
      writeWorker(dist, found['portal'])
      checkSheets(found)
      checkBudgets(found)
      compressAll(dist)
    },
  }
}
