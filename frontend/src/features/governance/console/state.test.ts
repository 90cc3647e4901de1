import { expect, it } from 'vitest'
import { linesOf, lookOf, maySwitchInSteps, onOf, stateOf, switchOf } from './state'

it('says the rule in force, or what keeps a plugin off in spite of it', () => {
  const cell = (cause: string, rule: string, on: boolean) => stateOf({ cause, rule, on } as never)
  expect([cell('rule', 'require', true), cell('rule', 'forbid', false), cell('rule', 'offer', true), cell('default', 'offer', false)]).toEqual(['require', 'forbid', 'on', 'off'])
  expect([cell('level', 'require', true), cell('needs', 'offer', true), cell('suspended', 'require', true)]).toEqual(['level', 'needs', 'suspended'])
  expect([lookOf('suspended'), lookOf('require')]).toEqual(['off', 'require'])
})

it('switches by offering alone', () => {
  expect([onOf('offer', 'on'), onOf('offer', 'off'), onOf('offer', 'open'), onOf('require', 'on')]).toEqual([true, false, null, null])
  expect([true, false, null].map(switchOf)).toEqual(['on', 'off', 'open'])
  expect([maySwitchInSteps('require', 'open'), maySwitchInSteps('offer', 'on'), maySwitchInSteps('offer', 'off'), maySwitchInSteps('forbid', 'on')]).toEqual([true, true, false, false])
})

it('tells first what goes off, by level', () => {
  const effects = [
    { plugin_id: 'a', name: '每月农话', on: 2, off: 10, levels: [{ level: 3, on: 0, off: 1 }, { level: 4, on: 2, off: 9 }] },
    { plugin_id: 'b', name: '驿站态势', on: 0, off: 0, levels: [] },
  ]
  expect(linesOf(effects)).toEqual([
    { plugin: '每月农话', way: 'off', levels: [{ level: 3, count: 1 }, { level: 4, count: 9 }] },
    { plugin: '每月农话', way: 'on', levels: [{ level: 4, count: 2 }] },
  ])
})
