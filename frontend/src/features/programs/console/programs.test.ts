import { expect, it } from 'vitest'
import { kindOf, linesOf, metadataOf, typedOf, type Typed } from './programs'

const typed: Typed = { name: ' 邻里通 ', english: '', kind: 'server', addresses: 'https://a.example/b\n\n https://a.example/c ', after: '', scopes: ['api:read', 'openid'] }

it('says what a program is by the members of RFC 7591', () => {
  expect(metadataOf(typed)).toEqual({
    client_name: '邻里通',
    grant_types: ['authorization_code', 'refresh_token'],
    token_endpoint_auth_method: 'client_secret_basic',
    redirect_uris: ['https://a.example/b', 'https://a.example/c'],
    post_logout_redirect_uris: [],
    scope: 'openid api:read',
  })
})

it.each(['server', 'browser', 'device', 'service'] as const)('reads a %s as it was typed', (kind) => {
  const made = metadataOf({ ...typed, kind, english: 'Neighbours' })
  expect(kindOf(made)).toBe(kind)
  expect(typedOf(made)).toMatchObject({ name: '邻里通', english: 'Neighbours', kind, scopes: ['openid', 'api:read'] })
})

it('sends nobody to a program that has no page', () => {
  expect(metadataOf({ ...typed, kind: 'device' })).toMatchObject({ redirect_uris: [] })
})

it('keeps what the form does not ask for', () => {
  const before = { ...metadataOf(typed), token_endpoint_auth_method: 'private_key_jwt', jwks_uri: 'https://a.example/k', 'client_name#en': 'Old' }
  const after = metadataOf({ ...typedOf(before), english: '', name: '新名字' }, before)
  expect(after).toMatchObject({ client_name: '新名字', token_endpoint_auth_method: 'private_key_jwt', jwks_uri: 'https://a.example/k' })
  expect('client_name#en' in after).toBe(false)
})

it('takes an address for each line', () => {
  expect(linesOf('')).toEqual([])
  expect(linesOf(' a \r\n b')).toEqual(['a', 'b'])
})
