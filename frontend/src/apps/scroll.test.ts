import { expect, it } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import { routes } from './console/routes'
import { scrollBehavior } from './scroll'

const router = createRouter({ history: createMemoryHistory(), routes })
const go = (from: string, to: string) => scrollBehavior(router.resolve(to), router.resolve(from), null)

it('begins another page at the top, also the next one of a list', () => {
  expect(go('/console/3407/journal', '/console/3407/roles')).toEqual({ top: 0 })
  expect(go('/console/3407/journal', '/console/3407/journal?cursor=a')).toEqual({ top: 0 })
})

it('stays where a page opens something of itself', () => {
  expect(go('/console/3407/settings', '/console/3407/settings?why=a.b')).toBe(false)
  expect(go('/console/3407/applications', '/console/3407/applications?open=1')).toBe(false)
  expect(go('/console/3407/tree', '/console/3407/tree/340722')).toBe(false)
})

it('is back where the reader was', () => {
  const place = { top: 300, left: 0 }
  expect(scrollBehavior(router.resolve('/console/3407/roles'), router.resolve('/console/3407/journal'), place)).toBe(place)
})
