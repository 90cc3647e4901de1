import { expect, it } from 'vitest'
import { termOf } from './term'

it('knows the day on which a term begins', () => {
  // as the Purple Mountain Observatory has them: 大暑 2026, 立春 2025 and 2026, 冬至 2024, 春分 2027
  const begins: [string, string, number][] = [
    ['2026-07-22', '2026-07-23', 8],
    ['2025-02-02', '2025-02-03', 21],
    ['2026-02-03', '2026-02-04', 21],
    ['2024-12-20', '2024-12-21', 18],
    ['2027-03-20', '2027-03-21', 0],
  ]
  for (const [before, on, term] of begins) {
    expect([before, termOf(before)]).toEqual([before, (term + 23) % 24])
    expect([on, termOf(on)]).toEqual([on, term])
  }
})
