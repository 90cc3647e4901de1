import { expect, it } from 'vitest'
import { queryOf } from './applications'

it('asks for what is open unless the address says otherwise', () => {
  expect(queryOf({ limit: 20 })).toEqual({ limit: 20, state: 'open' })
  expect(queryOf({ limit: 20, state: 'rejected' })).toEqual({ limit: 20, state: 'rejected' })
  expect(queryOf({ limit: 20, state: 'all' })).toEqual({ limit: 20 })
  expect(queryOf({ limit: 20, state: 'nonsense' })).toEqual({ limit: 20, state: 'open' })
})
