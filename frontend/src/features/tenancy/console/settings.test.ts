import { expect, it } from 'vitest'
import { controlOf, settingText, typedOf, valueOf, valueText } from './settings'

it('chooses the control by the schema', () => {
  expect(controlOf({ enum: ['en', 'zh-CN'] })).toEqual({ kind: 'choice', choices: ['en', 'zh-CN'] })
  expect(controlOf({ type: 'integer', minimum: 5, maximum: 480 })).toEqual({ kind: 'number', min: 5, max: 480 })
  expect(controlOf({ type: 'boolean' })).toEqual({ kind: 'switch' })
  expect(controlOf({ type: 'array', maxItems: 3, items: { enum: ['a', 'b'] } })).toEqual({ kind: 'several', most: 3 })
  expect(controlOf({ type: 'string', maxLength: 200 })).toEqual({ kind: 'text', max: 200 })
})

it('sends a value in its own type, and what is no number as it was typed', () => {
  expect(valueOf({ kind: 'number' }, '30')).toBe(30)
  expect(valueOf({ kind: 'number' }, 'half')).toBe('half')
  expect(valueOf({ kind: 'number' }, '')).toBe('')
  expect(valueOf({ kind: 'switch' }, 'false')).toBe(false)
  expect(valueOf({ kind: 'text' }, '30')).toBe('30')
  expect(valueOf({ kind: 'several', most: 3 }, 'a.b,c.d')).toEqual(['a.b', 'c.d'])
  expect(valueOf({ kind: 'several', most: 3 }, '')).toEqual([])
  expect([30, true, 'a', null, {}, ['a.b', 'c.d']].map(typedOf)).toEqual(['30', 'true', 'a', '', '', 'a.b,c.d'])
})

it('says values and names in words', () => {
  expect([valueText(true), valueText(''), valueText('zh-CN'), valueText(1200), valueText(30, 'identity.session_idle_minutes')]).toEqual(['开', '（没有）', '简体中文', '1,200', '30 分钟'])
  expect([valueText(['a.b', 'gone'], '', [{ value: 'a.b', label: '读农话' }]), valueText([])]).toEqual(['读农话、gone', '（没有）'])
  expect(settingText('tenancy.time_zone', 'label')).toBe('时区')
  expect(settingText('no.such', 'label')).toBe('no.such')
})
