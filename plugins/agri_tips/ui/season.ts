// Months and the 24 solar terms, as the server computes them for the reader's place.
import { useAnswer, useTexts, type Locale } from '@wuji/sdk'
import { computed } from 'vue'

export interface SolarTerm {
  /** 1 is the first term of January, 24 the second of December. */
  number: number
  zh: string
  en: string
  month: number
  on: string
  current: boolean
}

interface SolarTerms {
  year: number
  terms: SolarTerm[]
  today: string
  months: number[]
}

export const months = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12] as const
const someDay = 15

const named = (month: number, locale: Locale, form: 'long' | 'short'): string =>
  new Intl.DateTimeFormat(locale === 'en' ? 'en-GB' : 'zh-CN', { month: form }).format(new Date(2026, month - 1, someDay))

export const shortMonth = (month: number, locale: Locale): string => named(month, locale, 'short')

/** July, and 7月: the long form in Chinese would write the figure as a character. */
export const monthName = (month: number, locale: Locale): string => named(month, locale, locale === 'en' ? 'long' : 'short')

export const termName = (term: SolarTerm, locale: Locale): string => (locale === 'en' ? term.en : term.zh)

/** A month of an address; undefined where it names none. */
export function monthOf(text: string | undefined): number | undefined {
  return months.find((month) => String(month) === text)
}

export function useSeason() {
  const { t, locale } = useTexts()
  const { data } = useAnswer<SolarTerms>('solar-terms')
  const terms = computed(() => data.value?.terms ?? [])
  return {
    terms,
    termsOf: (month: number): SolarTerm[] => terms.value.filter((term) => term.month === month),
    /** The month at the reader's place; until it has been read, that of the device. */
    month: computed(() => monthOf(String(Number(data.value?.today.slice(5, 7) ?? new Date().getMonth() + 1))) ?? 1),
    /** Months after this one that count as this one. */
    ahead: computed(() => Math.max((data.value?.months.length ?? 1) - 1, 0)),
    /** When a tip is for. */
    seasonOf: (tip: { months: number[]; terms: number[] }): string => {
      const named = terms.value.filter(({ number }) => tip.terms.includes(number)).map((term) => termName(term, locale.value))
      const all = tip.months.map((month) => shortMonth(month, locale.value)).join(t('ui.and'))
      return [all, named.join(t('ui.and'))].filter((part) => part !== '').join(' · ')
    },
  }
}
