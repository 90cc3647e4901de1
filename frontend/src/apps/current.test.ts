import { expect, it } from 'vitest'
import type { RouteLocationNormalizedLoaded } from 'vue-router'
import { currentOf } from './current'

const entries = [
  { key: 'home', to: { name: 'home' } },
  { key: 'tree', to: { name: 'tree' } },
  { key: '/3407/x/tips', to: '/3407/x/tips' },
  { key: '/3407/x/tips/review', to: '/3407/x/tips/review' },
  { key: '/3407/x/tip', to: '/3407/x/tip' },
]
const at = (path: string, ...names: string[]) => currentOf(entries, { path, matched: names.map((name) => ({ name })) as unknown as RouteLocationNormalizedLoaded['matched'] })

it('knows a page of the house by its route, the nearest one first', () => {
  expect(at('/3407', 'home')).toBe('home')
  expect(at('/console/3407/tree/340722', 'home', 'tree', 'detail')).toBe('tree')
  expect(at('/3407/search', 'search')).toBeUndefined()
})

it("knows a plugin's page by the entry that says most of its address", () => {
  expect(at('/3407/x/tips', 'plugin')).toBe('/3407/x/tips')
  expect(at('/3407/x/tips/months/3', 'plugin')).toBe('/3407/x/tips')
  expect(at('/3407/x/tips/review/7', 'plugin')).toBe('/3407/x/tips/review')
  expect(at('/3407/x/tipsy', 'plugin')).toBeUndefined()
})
