// Texts in two languages. Chinese comes with each app, English when it is asked for. Texts are shared with Python, so they know its
// one form of placeholder and nothing else; a library for more weighs a tenth of what a visitor first loads.
import { ref, shallowReactive } from 'vue'
import { choose, chosenLocale } from './chosen'

export const locales = ['zh-CN', 'en'] as const
export type Locale = (typeof locales)[number]

export interface Texts {
  [key: string]: string | Texts
}
type Params = Readonly<Record<string, unknown>>

const locale = ref<Locale>('zh-CN')
/** By their full dotted key. */
const catalogues: Readonly<Record<Locale, Map<string, string>>> = { 'zh-CN': shallowReactive(new Map()), en: shallowReactive(new Map()) }

/** Keys of a catalogue may be groups, or dotted, or both. */
function put(target: Map<string, string>, texts: Texts, path = ''): void {
  for (const [key, value] of Object.entries(texts)) {
    if (typeof value === 'string') target.set(path + key, value)
    else put(target, value, `${path}${key}.`)
  }
}

/** The text of a key in the reader's language, its blanks filled: {name}. A key that nothing says stands for itself. */
export function t(key: string, params: Params = {}): string {
  const text = catalogues[locale.value].get(key) ?? catalogues['zh-CN'].get(key) ?? key
  return text.replace(/\{(\w+)\}/g, (blank, name: string) => (name in params ? String(params[name]) : blank))
}

/** `t` follows the language where it is used while something is rendered or computed. */
export const useI18n = (): { t: typeof t } => ({ t })

/** The texts of one app. */
export interface AppTexts {
  chinese: Texts
  english: () => Promise<{ default: Texts }>
}
let english: AppTexts['english'] = () => Promise.resolve({ default: {} })

/** Once, before anything is shown. */
export function putTexts(found: AppTexts): void {
  put(catalogues['zh-CN'], found.chinese)
  english = found.english
}

export function currentLocale(): Locale {
  return locale.value
}

type Load = (locale: Locale) => Promise<unknown>
const others = new Set<Load>()

/** Texts beside the catalogue: they are fetched before a language is spoken, since a text that comes later is not seen. */
export function alsoLoad(load: Load): void {
  others.add(load)
}

async function speak(wanted: Locale): Promise<void> {
  const rest = Promise.all([...others].map((load) => load(wanted)))
  if (wanted === 'en') put(catalogues.en, (await english()).default)
  await rest
  locale.value = wanted
  document.documentElement.lang = wanted
}

/** Changes the language of this browser, and remembers it. */
export async function setLocale(wanted: Locale): Promise<void> {
  await speak(wanted)
  choose(wanted)
}

/** The language chosen here before; without one, that of the page as the server sent it. */
export function restoreLocale(): Promise<void> {
  const wanted = chosenLocale() ?? document.documentElement.lang
  return speak(wanted === 'en' ? 'en' : 'zh-CN')
}

/** Adds the texts of one plugin, which are found under its name. */
export function addTexts(language: Locale, plugin: string, texts: Texts): void {
  put(catalogues[language], texts, `${plugin}.`)
}

/** The text of a key that the server names, or what stands in for it where the catalogue has none. */
export function textOr(key: string, otherwise: string): string {
  return isKnown(key) ? t(key) : otherwise
}

export function isKnown(key: string): boolean {
  return catalogues['zh-CN'].has(key)
}

/** Every key that has words. */
export function knownKeys(): string[] {
  return [...catalogues['zh-CN'].keys()]
}
