import { expect, it } from 'vitest'
import { nearest, type Box } from './space'

const box = (left: number, top: number, width = 100, height = 50): Box => ({ left, top, right: left + width, bottom: top + height })
/** Two buttons above a row of five tiles, and a wide box beside the buttons. */
const play = box(0, 0)
const hear = box(120, 0)
const side = box(700, -100, 300, 200)
const tile = (place: number): Box => box(place * 210, 200, 190, 120)
const tiles = [tile(0), tile(1), tile(2), tile(3), tile(4)] as const
const all = [play, hear, side, ...tiles]
const from = (start: Box, to: 'up' | 'down' | 'left' | 'right'): Box | undefined => all[nearest(start, to, all)]

it('goes along a row', () => {
  expect(from(play, 'right')).toBe(hear)
  expect(from(hear, 'right')).toBe(side)
  expect(from(side, 'left')).toBe(hear)
  expect(from(tiles[1], 'right')).toBe(tiles[2])
})

it('goes to what lies straight below, and back', () => {
  expect(from(play, 'down')).toBe(tiles[0])
  expect(from(side, 'down')).toBe(tiles[4])
  expect(from(tiles[0], 'up')).toBe(play)
  expect(from(tiles[3], 'up')).toBe(side)
})

it('stays where nothing is that way', () => {
  expect(from(play, 'up')).toBeUndefined()
  expect(from(tiles[4], 'right')).toBeUndefined()
  expect(nearest(play, 'down', [])).toBe(-1)
})
