import { afterEach, expect, it } from 'vitest'
import { formatShort, formatTime, formatTotal } from './format'
import { currentLocale, i18n, restoreLocale, setLocale } from './i18n'

afterEach(() => setLocale('zh-CN'))

it('speaks Chinese until asked for English, and remembers', async () => {
  expect(i18n.global.t('kit.search.button')).toBe('搜索')
  await setLocale('en')
  expect(i18n.global.t('kit.search.button')).toBe('Search')
  expect([document.documentElement.lang, localStorage.getItem('wuji.locale')]).toEqual(['en', 'en'])
  i18n.global.locale.value = 'zh-CN'
  await restoreLocale()
  expect(currentLocale()).toBe('en')
})

it('fills blanks as Python does, and leaves other signs alone', () => {
  expect(i18n.global.t('kit.table.pick', { name: 'a@b | c' })).toBe('选 a@b | c')
})

it('writes dates, times and totals as the reader does', async () => {
  const at = '2026-07-23T01:05:00Z'
  const zone = 'Asia/Shanghai'
  expect([formatTime(at, 'day', zone), formatTime(at, 'date', zone), formatTime(at, 'time', zone)]).toEqual(['7月23日', '2026年7月23日', '09:05'])
  expect(formatShort(at, zone)).toBe('07-23')
  await setLocale('en')
  expect(formatTime(at, 'day', zone)).toBe('23 Jul')
  expect(formatTotal({ value: 1000, capped: true })).toBe('1,000+')
})
