// Texts of plugins: fetched with the first thing that shows them, then part of the catalogue under the plugin's name.
import { addTexts, alsoLoad, currentLocale, type Locale, type Texts } from '@/shared/i18n/i18n'

interface Source {
  id: string
  /** Addresses of its catalogues. */
  texts: Record<string, string>
}

/** By address; what did not come is asked for again. */
const loads = new Map<string, Promise<boolean>>()
const known = new Map<string, Source>()

async function fetchTexts(id: string, url: string, locale: Locale): Promise<boolean> {
  try {
    const answer = await fetch(url, { credentials: 'same-origin' })
    if (!answer.ok) throw new Error(`${url}: ${answer.status}`)
    addTexts(locale, id, (await answer.json()) as Texts)
    return true
  } catch (error) {
    console.info(`plugin ${id}: no texts`, error)
    loads.delete(url)
    return false
  }
}

function load({ id, texts }: Source, locale: Locale): Promise<boolean> {
  const url = texts[locale] ?? ''
  const loading = loads.get(url) ?? fetchTexts(id, url, locale)
  loads.set(url, loading)
  return loading
}

alsoLoad((locale) => Promise.all([...known.values()].map((source) => load(source, locale))))

/** Chinese always, as what stands in for a missing text; tells whether all could be read. */
export async function loadTexts(source: Source): Promise<boolean> {
  known.set(source.id, source)
  const wanted: Locale[] = currentLocale() === 'en' ? ['zh-CN', 'en'] : ['zh-CN']
  const found = await Promise.all(wanted.map((locale) => load(source, locale)))
  return found.every(Boolean)
}
