import { expect, it } from 'vitest'
import { filtersOf } from './export'

it('takes along what a list is filtered and sorted by, not where one stands in it', () => {
  expect(filtersOf({ q: '会宫', sort: '-code', level: 4, cursor: 'abc', limit: 20, state: undefined })).toEqual({ q: '会宫', sort: '-code', level: 4 })
})
