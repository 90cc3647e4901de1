import { expect, it } from 'vitest'
import { icons } from '../src/kit/icon/icons.ts'
import { sprite } from './sprite.ts'

it('draws every icon of the list, and the mark', () => {
  const drawn = [...sprite().matchAll(/<symbol id="([\w-]+)"/g)].map((found) => found[1])
  expect(drawn).toEqual([...icons.map((name) => `i-${name}`), 'logo'])
  expect(sprite()).not.toMatch(/style=|<script/)
})

it('lists icons once, in order', () => {
  expect([...icons]).toEqual([...new Set(icons)].sort())
})
