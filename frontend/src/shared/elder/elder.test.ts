import { afterEach, describe, expect, it } from 'vitest'
import { setElder, useElder } from './elder'

afterEach(() => {
  setElder(null)
})

describe('elder mode', () => {
  it('marks the page and is remembered', () => {
    useElder().toggle()
    expect(document.documentElement.dataset['elder']).toBe('22')
    expect(localStorage.getItem('wuji.elder')).toBe('22')
  })

  it('leaves no trace when switched off', () => {
    setElder('30')
    useElder().toggle()
    expect(document.documentElement.hasAttribute('data-elder')).toBe(false)
    expect(localStorage.getItem('wuji.elder')).toBeNull()
  })
})
