import { expect, it } from 'vitest'
import { monthName, monthOf, shortMonth } from './season'

it('names months in both languages', () => {
  expect([monthName(7, 'zh-CN'), monthName(7, 'en'), shortMonth(7, 'en'), shortMonth(12, 'zh-CN')]).toEqual(['7月', 'July', 'Jul', '12月'])
})

it('takes a month of an address only as it is written', () => {
  expect([monthOf('7'), monthOf('07'), monthOf('13'), monthOf(undefined)]).toEqual([7, undefined, undefined, undefined])
})
