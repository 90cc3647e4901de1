// Tips as the API gives them, and what pages say of them.
import { type Level, type Locale } from '@wuji/sdk'
import { type IconName } from '@wuji/ui'

export type State = 'draft' | 'in_review' | 'returned' | 'published' | 'withdrawn'
export const audiences = ['public', 'residents', 'members', 'officials'] as const
export type Audience = (typeof audiences)[number]
export type Act = 'edit' | 'submit' | 'take_back' | 'publish' | 'return' | 'withdraw' | 'revise' | 'delete'

export interface TipPlace {
  code: string
  name: string
  level: Level
}

export interface Medium {
  id: string
  number: number
  place: number
  kind: 'picture' | 'audio' | 'video'
  name: string
  alt: string
  caption: string
  transcript: string
  width: number | null
  height: number | null
  seconds: number | null
  size: number
  url: string
}

interface Written {
  id: string
  title: string
  summary: string
  title_en: string
  summary_en: string
  subject: string
  months: number[]
  terms: number[]
  locality: string
}

export interface TipRow extends Written {
  tenant: string
  tenant_name: string
  tenant_level: Level
  published_at: string
  helpful: number
  picture_id: string | null
}

export interface Tip extends Written {
  html: string
  media: Medium[]
  tenant: TipPlace
  reviewer: TipPlace | null
  published_at: string
  helpful: number
  marked: boolean
}

export interface ManagedRow extends Written {
  state: State
  tenant: string
  tenant_name: string
  tenant_level: Level
  author: string | null
  due_on: string | null
  waiting_since: string
  published_at: string | null
  updated_at: string
  reads: number
  helpful: number
}

export interface Check {
  pointer: string
  message: string
}

export interface ManagedTip extends Written {
  version: number
  state: State
  replaces_id: string | null
  revision_id: string | null
  body: string
  html: string
  media: Medium[]
  tenant: TipPlace
  reach: TipPlace
  audience: Audience
  author: string | null
  own: boolean
  submitted_at: string | null
  due_on: string | null
  reviewer: TipPlace | null
  reviewed_by: string | null
  reviewed_at: string | null
  reason: string
  published_at: string | null
  withdrawn_at: string | null
  updated_at: string
  reads: number
  helpful: number
  checks: Check[]
  may: Act[]
}

export interface Reach {
  tenant: TipPlace
  tenants: number
  may: boolean
}

/** Words with the language they are in; a tip without English is read in Chinese. */
export interface Words {
  text: string
  lang: Locale
}

const said = (chinese: string, english: string, locale: Locale): Words =>
  locale === 'en' && english !== '' ? { text: english, lang: 'en' } : { text: chinese, lang: 'zh-CN' }

export const titleOf = (tip: Pick<Written, 'title' | 'title_en'>, locale: Locale): Words => said(tip.title, tip.title_en, locale)
export const summaryOf = (tip: Pick<Written, 'summary' | 'summary_en'>, locale: Locale): Words => said(tip.summary, tip.summary_en, locale)

const looks: Partial<Record<string, { icon: IconName; tone?: 'b' | 'c' }>> = {
  cotton: { icon: 'flower-2', tone: 'c' },
  peony_bark: { icon: 'flower-2', tone: 'c' },
  rice: { icon: 'wheat' },
  ratoon_rice: { icon: 'wheat' },
  wheat: { icon: 'wheat' },
  fish: { icon: 'droplets', tone: 'b' },
  crab: { icon: 'droplets', tone: 'b' },
  crayfish: { icon: 'droplets', tone: 'b' },
  lotus: { icon: 'droplets', tone: 'b' },
  weather: { icon: 'thermometer', tone: 'b' },
  farm_inputs: { icon: 'flask-conical', tone: 'c' },
  machinery: { icon: 'settings', tone: 'c' },
  safety: { icon: 'shield-check', tone: 'c' },
  livestock_health: { icon: 'shield-check', tone: 'c' },
}

/** What stands for a tip without a picture. */
export const lookOf = (subject: string): { icon: IconName; tone?: 'b' | 'c' } => looks[subject] ?? { icon: 'sprout' }
