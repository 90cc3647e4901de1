import { expect, it } from 'vitest'
import { creditCodeFault, divisionCodeFault, tidied } from './codes'

// Codes of companies as they publish them; the first is the usual example of GB 32100-2015.
it.each(['91350100M000100Y43', '91330100799655058B', '9144030071526726XG'])('takes %s', (code) => {
  expect(creditCodeFault(code)).toEqual(null)
})

it('says what is wrong with a code, in figures', () => {
  expect(creditCodeFault('')).toEqual({ key: 'portal.apply.code.empty' })
  expect(creditCodeFault('91350100M000100Y4')).toEqual({ key: 'portal.apply.code.short', params: { count: 17, missing: 1 } })
  expect(creditCodeFault('91350100M000100Y431')).toEqual({ key: 'portal.apply.code.long', params: { count: 19, extra: 1 } })
  expect(creditCodeFault('9135O100M000100Y43')).toEqual({ key: 'portal.apply.code.letter', params: { letter: 'O' } })
  expect(creditCodeFault('91350100M000100Y44')).toEqual({ key: 'portal.apply.code.check' })
  expect(creditCodeFault('91350100M000010Y43')).toEqual({ key: 'portal.apply.code.check' })
})

it('reads a code as people write it', () => {
  expect(tidied(' 91350100 m000-100y43 ')).toBe('91350100M000100Y43')
})

it('counts the digits of a division code', () => {
  expect(divisionCodeFault('340722112', 3)).toBeNull()
  expect(divisionCodeFault('3407221', 3)).toEqual({ key: 'portal.apply.code.digits', params: { count: 7, digits: 9 } })
  expect(divisionCodeFault('34072211a', 3)?.key).toBe('portal.apply.code.digits')
  expect(divisionCodeFault('', 1)?.key).toBe('portal.apply.code.empty')
})
