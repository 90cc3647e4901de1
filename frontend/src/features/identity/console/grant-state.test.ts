import { mount } from '@vue/test-utils'
import { afterEach, expect, it } from 'vitest'
import { setLocale } from '@/shared/i18n/i18n'
import GrantState from './GrantState.vue'

const live = { state: 'live', expires_at: null, account_state: 'active' } as const
const said = (grant: object): string => {
  const tag = mount(GrantState, { props: { grant: { ...live, ...grant } } }).get('.w-tag')
  return `${tag.find('svg').exists() ? '+' : '-'}${tag.text()}`
}

afterEach(() => setLocale('zh-CN'))

it('says what a grant is worth, in a word and a mark', () => {
  expect(said({})).toBe('+有效')
  expect(said({ state: 'expired', account_state: null })).toBe('+已到期')
  expect(said({ state: 'revoked', account_state: null })).toBe('+已收回')
})

it('says first that its holder is suspended: it gives nothing meanwhile', async () => {
  const ending = new Date(Date.now() + 86_400_000).toISOString()
  expect(said({ account_state: 'suspended', expires_at: ending })).toBe('+账号停用')
  expect(said({ account_state: 'suspended', state: 'revoked' })).toBe('+已收回')
  await setLocale('en')
  expect(said({ account_state: 'suspended' })).toBe('+Account suspended')
})
