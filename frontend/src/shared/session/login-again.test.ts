import { expect, it } from 'vitest'
import { askLoginHere, useLoginHere } from './login-again'

it('asks on this page only while a part of it can show the login', () => {
  const here = useLoginHere()
  expect([askLoginHere(), here.isAsked.value]).toEqual([false, false])
  here.enter()
  expect([askLoginHere(), here.isAsked.value]).toEqual([true, true])
  here.close()
  expect(here.isAsked.value).toBe(false)
  askLoginHere()
  here.leave()
  expect([askLoginHere(), here.isAsked.value]).toEqual([false, false])
})
