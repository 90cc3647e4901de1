// The language that was chosen in this browser. The server reads it too (core/wuji/kit/http/locale.py), so that a page comes in it
// from its first word: a plain cookie that says a language, and nothing about anybody.
import type { Locale } from './i18n'

const year = 31_536_000

export function chosenLocale(): Locale | null {
  const [, found] = /(?:^|; )wuji-language=(zh-CN|en)(?:;|$)/.exec(document.cookie) ?? []
  return (found as Locale | undefined) ?? null
}

/** A browser that takes no cookies forgets, and goes on. */
export function choose(locale: Locale): void {
  const secure = globalThis.location.protocol === 'https:' ? '; Secure' : ''
  document.cookie = `wuji-language=${locale}; Path=/; Max-Age=${String(year)}; SameSite=Lax${secure}`
}
