import { expect, it } from 'vitest'
import { filtersOf, nameOf } from './export'

it('takes along what a list is filtered and sorted by, not where one stands in it', () => {
  expect(filtersOf({ q: '会宫', sort: '-code', level: 4, cursor: 'abc', limit: 20, state: undefined })).toEqual({ q: '会宫', sort: '-code', level: 4 })
})

it('calls a file as the server does', () => {
  expect(nameOf("attachment; filename=\"file.csv\"; filename*=UTF-8''%E6%A0%B9%E5%8D%95%E4%BD%8D-20260301.csv")).toBe('根单位-20260301.csv')
  expect(nameOf(null)).toBe('')
})
