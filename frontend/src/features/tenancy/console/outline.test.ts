import { expect, it } from 'vitest'
import { countPoints, pathOf } from './outline'

const square = { type: 'Polygon', coordinates: [[[0, 0], [10, 0], [10, 5], [0, 5], [0, 0]]] }

it('fits into its field, north above', () => {
  expect(pathOf(square, [0, 0, 10, 5], true)).toBe('M0.00 75.00L100.00 75.00L100.00 25.00L0.00 25.00L0.00 75.00Z')
})

it('makes degrees of longitude shorter in the north', () => {
  const far = { type: 'MultiPolygon', coordinates: [[[[0, 59], [2, 59], [2, 61], [0, 61], [0, 59]]]] }
  expect(pathOf(far, [0, 59, 2, 61], false)).toContain('M25.00 100.00L75.00 100.00')
  expect(countPoints(far)).toBe(5)
})
