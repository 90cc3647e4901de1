import { expect, it } from 'vitest'
import { aimOf, amountOf, farthestOf, needsOf, spanOf, stepTo, type Card } from './amounts'

const figure = { target: null, measure: 'sum', share: false, decimals: 0 } as const

it('tells what is withheld from what nobody knows', () => {
  expect([amountOf({ value: 3, withheld: false }), amountOf({ value: null, withheld: true }), amountOf({ value: null, withheld: false }), amountOf(undefined)]).toEqual([3, 'withheld', null, null])
})

it('holds children against a target, the whole, or their mean', () => {
  const children = [{ value: 2 }, { value: 'withheld' as const }, { value: 6 }, { value: null }]
  expect(aimOf({ ...figure, target: 0.95, measure: 'ratio' }, 0.9, children)).toEqual({ kind: 'target', value: 0.95 })
  expect(aimOf({ ...figure, measure: 'ratio' }, 0.9, children)).toEqual({ kind: 'whole', value: 0.9 })
  expect(aimOf(figure, 8, children)).toEqual({ kind: 'mean', value: 4 })
  expect(aimOf({ ...figure, measure: 'ratio' }, 'withheld', children)).toBeNull()
  expect(aimOf(figure, 8, [{ value: null }])).toBeNull()
})

it('keeps those that are furthest on the wrong side, in their own order', () => {
  const rows = [{ value: 9 }, { value: 2 }, { value: null }, { value: 5 }, { value: 'withheld' as const }, { value: 3 }]
  const kept = (better: 'up' | 'down' | 'none', most = 2) => farthestOf(rows, 5, better, most).map(({ value }) => value)
  expect([kept('up'), kept('down'), kept('none'), kept('up', 9)]).toEqual([[2, 3], [9, 5], [9, 2], [9, 2, 5, 3]])
})

it('puts days together where nobody is counted', () => {
  expect([{ people: false, measure: 'ratio' as const }, { people: false, measure: 'distinct' as const }, { people: true, measure: 'sum' as const }].map(spanOf)).toEqual(['days', 'month', 'month'])
})

it('puts the most urgent first, of all cards', () => {
  const row = (title: string, tone: '' | 'warn' | 'bad') => ({ title, tone, text: '', note: '', path: null, icon: null, lang: 'zh-CN' })
  const card = (place: 'main' | 'side', ...rows: Card['rows']) => ({ place, rows }) as Card
  const found = needsOf([card('side', row('a', 'warn'), row('b', '')), card('main', row('c', 'bad')), card('side', row('d', 'bad'), row('e', 'warn'))])
  expect(found.map(({ title }) => title)).toEqual(['d', 'a', 'e', 'b'])
})

it('goes round', () => {
  expect([stepTo(3, -1, 1), stepTo(3, -1, -1), stepTo(3, 2, 1), stepTo(3, 0, -1)]).toEqual([0, 2, 0, 2])
})
