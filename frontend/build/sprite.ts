// One SVG sprite inlined in every page: icons are named, plugins may name them too, and nothing is fetched for them.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Plugin } from 'vite'
import { icons } from '../src/kit/icon/icons.ts'

const folder = join(dirname(createRequire(import.meta.url).resolve('lucide-static/package.json')), 'icons')

const logo = [
  '<symbol id="logo" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="var(--brand)"/>',
  '<g fill="none" stroke="var(--on-brand)" stroke-width="2" stroke-linecap="round">',
  '<path d="M13.6 8.6q2.4-2.2 4.8 0"/><path d="M11.2 13q4.8-3.6 9.6 0"/><path d="M9 17.2q7-4.6 14 0"/>',
  '<path d="M7 21.3q9-5.2 18 0"/><path d="M5.4 25.2q10.6-5.6 21.2 0"/></g></symbol>',
].join('')

function symbol(name: string): string {
  const svg = readFileSync(join(folder, `${name}.svg`), 'utf8')
  const body = /<svg[^>]*>([\s\S]*)<\/svg>/.exec(svg)?.[1]
  if (body === undefined) throw new Error(`no drawing in the icon ${name}`)
  return `<symbol id="i-${name}" viewBox="0 0 24 24">${body.replace(/\s+/g, ' ').replace(/ ?\/> ?/g, '/>').trim()}</symbol>`
}

export function sprite(): string {
  return `<svg class="sprite" aria-hidden="true" focusable="false">${icons.map(symbol).join('')}${logo}</svg>`
}

export function iconSprite(): Plugin {
  return {
    name: 'wuji-icon-sprite',
    transformIndexHtml: { order: 'pre', handler: (html) => html.replace('<!--sprite-->', sprite()) },
  }
}
