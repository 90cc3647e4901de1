// Texts of plugins: fetched with the first thing that shows them, then part of the catalogue under the plugin's name.
import { addTexts, alsoLoad, currentLocale, type Locale, type Texts } from '@/shared/i18n/i18n'

interface Source {
  id: string
  /** Addresses of its catalogues. */
  texts: Record<string, string>
}

const added = new Set<string>()
const known = new Map<string, Source>()

async function load({ id, texts }: Source, locale: Locale): Promise<boolean> {
  const url = texts[locale] ?? ''
  if (added.has(url)) return true
  try {
    const answer = await fetch(url, { credentials: 'same-origin' })
    if (!answer.ok) throw new Error(`${url}: ${answer.status}`)
    addTexts(locale, id, (await answer.json()) as Texts)
    added.add(url)
    return true
  } catch (error) {
    console.info(`plugin ${id}: no texts`, error)
    return false
  }
}

alsoLoad((locale) => Promise.all([...known.values()].map((source) => load(source, locale))))

/** Chinese always, as what stands in for a missing text; tells whether all could be read. */
export async function loadTexts(source: Source): Promise<boolean> {
  known.set(source.id, source)
  const wanted: Locale[] = currentLocale() === 'en' ? ['zh-CN', 'en'] : ['zh-CN']
  const found = await Promise.all(wanted.map((locale) => load(source, locale)))
  return found.every(Boolean)
}
