import { expect, it } from 'vitest'
import { step } from './keys'

const size = { rows: 4, columns: 3 }
const leaf = { can: false, open: false }

it('goes to the next cell and stays inside', () => {
  expect(step('ArrowDown', { row: 3, column: 1 }, size, leaf)).toEqual({ row: 3, column: 1 })
  expect(step('ArrowUp', { row: 3, column: 1 }, size, leaf)).toEqual({ row: 2, column: 1 })
  expect(step('ArrowRight', { row: 0, column: 2 }, size, leaf)).toEqual({ row: 0, column: 2 })
  expect(step('End', { row: 1, column: 0 }, size, leaf)).toEqual({ row: 1, column: 2 })
  expect(step('Home', { row: 1, column: 2 }, size, leaf)).toEqual({ row: 1, column: 0 })
  expect(step('a', { row: 1, column: 2 }, size, leaf)).toBeNull()
})

it('unfolds and folds where the names stand', () => {
  expect(step('ArrowRight', { row: 1, column: 0 }, size, { can: true, open: false })).toBe('toggle')
  expect(step('ArrowRight', { row: 1, column: 0 }, size, { can: true, open: true })).toEqual({ row: 1, column: 1 })
  expect(step('ArrowLeft', { row: 1, column: 0 }, size, { can: true, open: true })).toBe('toggle')
  expect(step('ArrowLeft', { row: 1, column: 1 }, size, { can: true, open: true })).toEqual({ row: 1, column: 0 })
})
