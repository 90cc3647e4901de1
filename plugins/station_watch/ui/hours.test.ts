import { expect, it } from 'vitest'
import { copied, dayOf, faultOf, hoursAWeek, minutesOf, periodSaid, runsOf, withOneMore, type Hours } from './hours'

const office: Hours = { mon: [['08:00', '12:00'], ['14:00', '18:00']], tue: [['08:00', '12:00'], ['14:00', '18:00']], wed: [['09:00', '21:00']], sat: [['09:00', '12:00']] }

it('says a week in as few pieces as it has', () => {
  expect(runsOf(office).map(({ from, until, periods }) => `${from}-${until} ${periods.map(periodSaid).join('/')}`)).toEqual(['mon-tue 8:00–12:00/14:00–18:00', 'wed-wed 9:00–21:00', 'thu-fri ', 'sat-sat 9:00–12:00', 'sun-sun '])
  expect(hoursAWeek(office)).toBe(31)
  expect(runsOf({})).toEqual([{ from: 'mon', until: 'sun', periods: [] }])
})

it('finds what nobody can mean', () => {
  expect(faultOf([['08:00', '12:00'], ['12:00', '18:00']])).toBeUndefined()
  expect(faultOf([['14:00', '18:00'], ['08:00', '12:00']])).toBeUndefined()
  expect(faultOf([['08:00', '']])).toBe('missing')
  expect(faultOf([['18:00', '08:00']])).toBe('order')
  expect(faultOf([['08:00', '13:00'], ['12:00', '18:00']])).toBe('overlap')
  expect(minutesOf('25:00')).toBeNaN()
})

it('copies a day without tying the two together', () => {
  const week = copied(office, 'mon', ['thu', 'sun'])
  expect(week.thu).toEqual(office.mon)
  expect(week.thu).not.toBe(week.sun)
  expect(office.thu).toBeUndefined()
})

it('goes on after a break, and ends by midnight', () => {
  expect(withOneMore([])).toEqual([['08:00', '18:00']])
  expect(withOneMore([['08:00', '12:00']])[1]).toEqual(['13:00', '16:00'])
  expect(withOneMore([['08:00', '22:30']])[1]).toEqual(['23:30', '24:00'])
})

it('knows the weekday of a date, wherever the reader is', () => {
  expect(dayOf('2026-07-23')).toBe('thu')
  expect(dayOf('2026-11-22')).toBe('sun')
})
