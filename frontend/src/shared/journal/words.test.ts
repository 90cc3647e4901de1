import { expect, it } from 'vitest'
import { addTexts } from '@/shared/i18n/i18n'
import { authorOf, fieldText, knownVerbs, toneOf, verbText } from './words'

it('says verbs as the catalogue does, and leaves alone what it does not know', () => {
  expect(verbText('identity.grant.give')).toBe('授予角色')
  expect(verbText('some_plugin.tip.publish')).toBe('some_plugin.tip.publish')
  expect(fieldText('no_such_field')).toBe('no_such_field')
  addTexts('zh-CN', 'some_plugin', { field: { dose: '用量' } })
  expect(fieldText('dose', null, 'some_plugin')).toBe('用量')
})

it('knows every verb of every feature, as the server names them', () => {
  const verbs = knownVerbs()
  expect(verbs).toContain('identity.grant.give')
  expect(verbs.every((verb) => verb.split('.').length === 3)).toBe(true)
})

it('says who it was that no name stands for', () => {
  expect(authorOf({ author: 'person', account: '吴桂芳' })).toEqual({ name: '吴桂芳' })
  expect(authorOf({ author: 'person', account: null })).toEqual({ name: null })
  expect(authorOf({ author: 'command_line', account: 'root' })).toEqual({ name: '服务器管理员（命令行）', user: 'root' })
  expect(authorOf({ author: 'system', account: null })).toEqual({ name: '系统' })
})

it('tells what ended from what began', () => {
  expect(['identity.grant.take', 'tenancy.tenant.add', 'identity.session.open'].map(toneOf)).toEqual(['bad', 'ok', undefined])
})
