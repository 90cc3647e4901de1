import { expect, it } from 'vitest'
import { fieldText, knownVerbs, toneOf, verbText } from './words'

it('says verbs as the catalogue does, and leaves alone what it does not know', () => {
  expect(verbText('identity.grant.give')).toBe('授予角色')
  expect(verbText('some_plugin.tip.publish')).toBe('some_plugin.tip.publish')
  expect(fieldText('no_such_field')).toBe('no_such_field')
})

it('knows every verb of every feature, as the server names them', () => {
  const verbs = knownVerbs()
  expect(verbs).toContain('identity.grant.give')
  expect(verbs.every((verb) => verb.split('.').length === 3)).toBe(true)
})

it('tells what ended from what began', () => {
  expect(['identity.grant.take', 'tenancy.tenant.add', 'identity.session.open'].map(toneOf)).toEqual(['bad', 'ok', undefined])
})
