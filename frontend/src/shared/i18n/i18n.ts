// Texts in two languages. Chinese comes with the program, English when it is asked for.
import { createI18n, type MessageContext, type MessageFunction } from 'vue-i18n'
import chinese from 'virtual:texts/zh-CN'
import { remember, remembered } from '@/shared/storage/storage'

export const locales = ['zh-CN', 'en'] as const
export type Locale = (typeof locales)[number]

export interface Texts {
  [key: string]: string | Texts
}
interface Messages {
  [key: string]: MessageFunction | Messages
}

/** Texts are shared with Python, so they know its one form of placeholder and nothing else: {name}. */
function messageOf(text: string): MessageFunction {
  return (context: MessageContext) => text.replace(/\{(\w+)\}/g, (_all, name: string) => String(context.named(name)))
}

function messagesOf(texts: Texts): Messages {
  const entries = Object.entries(texts).map(([key, text]): [string, MessageFunction | Messages] => [
    key,
    typeof text === 'string' ? messageOf(text) : messagesOf(text),
  ])
  return Object.fromEntries(entries)
}

const noTexts: Messages = {}

export const i18n = createI18n({
  legacy: false,
  locale: 'zh-CN',
  fallbackLocale: 'zh-CN',
  messages: { 'zh-CN': messagesOf(chinese), en: noTexts },
})

export function currentLocale(): Locale {
  return i18n.global.locale.value === 'en' ? 'en' : 'zh-CN'
}

export async function setLocale(locale: Locale): Promise<void> {
  if (locale === 'en') {
    const { default: english } = await import('virtual:texts/en')
    i18n.global.setLocaleMessage('en', messagesOf(english))
  }
  i18n.global.locale.value = locale
  document.documentElement.lang = locale
  remember('locale', locale)
}

/** The language chosen here before; without one, Chinese. */
export async function restoreLocale(): Promise<void> {
  if (remembered('locale') === 'en') await setLocale('en')
}

/** The text of a key that the server names, or what stands in for it where the catalogue has none. */
export function textOr(key: string, otherwise: string): string {
  return i18n.global.te(key, 'zh-CN') ? i18n.global.t(key) : otherwise
}
