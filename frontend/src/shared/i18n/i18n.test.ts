import { afterEach, expect, it } from 'vitest'
import { computed } from 'vue'
import { formatShort, formatTime, formatTotal } from './format'
import { addTexts, currentLocale, knownKeys, restoreLocale, setLocale, t, textOr } from './i18n'

afterEach(() => setLocale('zh-CN'))

it('speaks Chinese until asked for English, and remembers', async () => {
  expect(t('kit.search.button')).toBe('搜索')
  await setLocale('en')
  expect(t('kit.search.button')).toBe('Search')
  expect([document.documentElement.lang, document.cookie]).toEqual(['en', 'wuji-language=en'])
  await setLocale('zh-CN')
  document.cookie = 'wuji-language=en; Path=/'
  await restoreLocale()
  expect(currentLocale()).toBe('en')
})

it('goes on in the language of the page where none was chosen, and says which it speaks', async () => {
  const page = document.documentElement
  document.cookie = 'wuji-language=; Path=/; Max-Age=0'
  page.lang = 'en'
  await restoreLocale()
  expect([currentLocale(), document.cookie]).toEqual(['en', ''])
  document.cookie = 'other=wuji-language=en'
  document.cookie = 'wuji-language=zh-CN; Path=/'
  await restoreLocale()
  expect([currentLocale(), page.lang]).toEqual(['zh-CN', 'zh-CN'])
})

it('finds keys that are groups, dotted, or both, and falls back to Chinese', async () => {
  addTexts('zh-CN', 'probe', { 'a.b': '甲', a: { c: '丙', d: { e: '戊' } } })
  addTexts('en', 'probe', { a: { b: 'one' } })
  expect(['a.b', 'a.c', 'a.d.e'].map((key) => t(`probe.${key}`))).toEqual(['甲', '丙', '戊'])
  await setLocale('en')
  expect(['a.b', 'a.c'].map((key) => t(`probe.${key}`))).toEqual(['one', '丙'])
  expect([t('probe.none'), textOr('probe.none', '没有'), textOr('probe.a.b', '没有')]).toEqual(['probe.none', '没有', 'one'])
  expect(knownKeys().filter((key) => key.startsWith('probe.'))).toEqual(['probe.a.b', 'probe.a.c', 'probe.a.d.e'])
})

it('says anew what stands on the page when the language or the texts change', async () => {
  const said = computed(() => t('probe.late'))
  expect(said.value).toBe('probe.late')
  addTexts('zh-CN', 'probe', { late: '后到' })
  expect(said.value).toBe('后到')
  addTexts('en', 'probe', { late: 'late' })
  await setLocale('en')
  expect(said.value).toBe('late')
})

it('fills blanks as Python does, and leaves other signs alone', () => {
  expect(t('kit.table.pick', { name: 'a@b | c' })).toBe('选 a@b | c')
  expect(t('kit.table.pick', { other: 1 })).toContain('{name}')
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
