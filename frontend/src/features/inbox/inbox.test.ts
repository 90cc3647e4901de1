import { expect, it } from 'vitest'
import { daysOf, newestOf } from './days'
import { isOf } from './inbox'
import { wishOf, withTiming, type Choices } from './ways'

const told = (id: string, at: string) => ({ id, created_at: at })
const morning = told('a', '2026-07-23T09:00:00')
const noon = told('b', '2026-07-23T12:00:00')
const before = told('c', '2026-07-22T23:59:00')

it('stands day by day, in the order of the server', () => {
  const days = daysOf([noon, morning, before])
  expect(days.map(({ label, rows }) => [label, ...rows.map(({ id }) => id)])).toEqual([['7月23日星期四', 'b', 'a'], ['7月22日星期三', 'c']])
  expect(daysOf([])).toEqual([])
})

it('marks as read what could be seen', () => {
  expect(newestOf([before, noon, morning])).toBe(noon.created_at)
  expect(newestOf([])).toBeNull()
})

it('knows which pages are of which app', () => {
  expect([isOf('console', '/console/3407/tree'), isOf('console', '/console'), isOf('console', '/consoles'), isOf('console', '/3407')]).toEqual([true, true, false, false])
  expect([isOf('portal', '/console/3407'), isOf('portal', '/me')]).toEqual([false, true])
})

it('changes one topic by one channel, and sends all the rest as it was', () => {
  const choices: Choices = {
    topics: [
      { topic: 'inbox.grant_given', label: '得到新的身份', timings: { inbox: 'now', email: 'digest' }, chosen: {} },
      { topic: 'inbox.decision', label: '结果', timings: { inbox: 'off', email: 'now' }, chosen: { inbox: 'off' } },
    ],
    channels: [{ channel: 'inbox', label: '站内消息', ready: true, timings: ['now', 'off'] }],
    quiet: { from: '22:00', until: '07:00' },
    digest_at: '08:00',
    zone: null,
  }
  const changed = withTiming(choices, 'inbox.grant_given', 'email', 'off')
  expect(changed.topics[0]?.timings).toEqual({ inbox: 'now', email: 'off' })
  expect(wishOf(changed)).toEqual({
    chosen: { 'inbox.grant_given': { email: 'off' }, 'inbox.decision': { inbox: 'off' } },
    quiet: { from: '22:00', until: '07:00' },
    digest_at: '08:00',
    zone: null,
  })
  expect(choices.topics[0]?.chosen).toEqual({})
})
