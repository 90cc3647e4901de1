import { expect, it } from 'vitest'
import { dayFromNow, daysUntil, endOfDay, startOfDay } from './dates'

it('takes a day to its end, and no day for no end', () => {
  expect(new Date(endOfDay('2027-06-30') ?? '').getHours()).toBe(23)
  expect(new Date(startOfDay('2027-06-30')).getHours()).toBe(0)
  expect(endOfDay('')).toBeNull()
})

it('counts days over the end of a month', () => {
  expect(dayFromNow(1, new Date(2026, 11, 31))).toBe('2027-01-01')
  expect(daysUntil('2026-07-25T01:00:00Z', new Date('2026-07-23T00:00:00Z'))).toBe(3)
})
