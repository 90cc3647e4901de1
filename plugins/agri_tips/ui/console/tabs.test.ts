import { expect, it } from 'vitest'
import { queryOf, tabOf, tabsOf } from './tabs'

const total = (value: number) => ({ value, capped: false })

it('shows reviewers what waits for them, and what waits for others only where there is any', () => {
  const rest = ['published', 'returned', 'draft', 'withdrawn']
  expect(tabsOf({ to_review: total(3), in_review: total(3) }, true)).toEqual(['to_review', ...rest])
  expect(tabsOf({ to_review: total(3), in_review: total(4) }, true)).toEqual(['to_review', 'in_review', ...rest])
  expect(tabsOf({ in_review: total(0) }, false)).toEqual(['in_review', ...rest])
})

it('begins with what the reader has to do, unless the address says otherwise', () => {
  expect([tabOf(undefined, true), tabOf(undefined, false), tabOf('withdrawn', true), tabOf('nonsense', false)]).toEqual(['to_review', 'draft', 'withdrawn', 'draft'])
})

it('asks for what waits longest first', () => {
  expect(queryOf('to_review')).toEqual({ to_review: 'yes', sort: 'waiting_since' })
  expect(queryOf('published')).toEqual({ state: 'published' })
})
