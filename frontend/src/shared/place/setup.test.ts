import { expect, it } from 'vitest'
import { doneWith, type SetupItem } from './setup'

const item = (key: SetupItem['key'], done: boolean): SetupItem => ({ key, done, happened: false, url: '' })
const items = [item('theme', false), item('officials', true), item('modules', false)]

it('ticks one and leaves the others as they are', () => {
  expect(doneWith(items, 'modules', true)).toEqual(['officials', 'modules'])
  expect(doneWith(items, 'officials', false)).toEqual([])
  expect(doneWith(items, 'officials', true)).toEqual(['officials'])
})
