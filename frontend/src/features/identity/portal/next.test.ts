import { expect, it } from 'vitest'
import { nextOf } from './next'

it.each(['/console/3407', '/invitation', '/3407?x=1#y'])('goes back to %s', (address) => {
  expect(nextOf(address, '/me')).toBe(address)
})

it.each(['//evil.example', '/\\evil.example', 'https://evil.example', 'javascript:alert(1)', '', undefined, ['/a'], '/login'])('never goes to %s', (address) => {
  expect(nextOf(address, '/me')).toBe('/me')
})
