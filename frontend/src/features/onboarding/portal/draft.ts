// An application as it is being filled in: kept on this device until it is sent, checked step by step.
import type { Schemas } from '@/shared/api/client'
import { levels, type Level, type Place } from '@/shared/place/place'
import { remember, remembered } from '@/shared/storage/storage'
import { creditCodeFault, divisionCodeFault, tidied, type Fault } from './codes'

export const categories = ['territory', 'agency', 'school', 'enterprise', 'association'] as const
export type Category = (typeof categories)[number]

export interface Draft {
  category: Category | ''
  name: string
  /** Of a territory its own, '1' to '5'; of any other organisation that of the one above it, which narrows the search. */
  level: string
  parent: Place | null
  /** Nothing above has joined: the platform answers. */
  isRoot: boolean
  code: string
  reason: string
  contact_name: string
  contact_phone: string
  contact_email: string
}

export type Field = Exclude<keyof Draft, 'isRoot'>
export type Faults = Partial<Record<Field, Fault>>
export type Wish = Omit<Schemas['ApplicationAmendIn'], 'token'>

export const steps = ['what', 'where', 'contact', 'check'] as const
const fieldsOf: readonly (readonly Field[])[] = [['category', 'name'], ['level', 'parent', 'code', 'reason'], ['contact_name', 'contact_phone', 'contact_email'], []]
const phone = /^\+?[0-9][0-9 ()-]{4,22}[0-9]$/
const email = /^[^@\s]+@[^@\s.]+(\.[^@\s.]+)+$/
const key = 'application'

export const empty = (): Draft => ({
  category: '', name: '', level: '', parent: null, isRoot: false, code: '', reason: '', contact_name: '', contact_phone: '', contact_email: '',
})

/** What was typed here before; what cannot be read any more is begun anew. */
export function restoreDraft(): Draft {
  try {
    const found: unknown = JSON.parse(remembered(key) ?? '{}')
    return { ...empty(), ...(found as Partial<Draft>) }
  } catch {
    return empty()
  }
}

export function keepDraft(draft: Draft | null): void {
  remember(key, draft && JSON.stringify(draft))
}

export const isTerritory = ({ category }: Draft): boolean => category === 'territory'

export const levelOf = ({ level }: Draft): Level | null => (levels[Number(level) - 1] === undefined ? null : (Number(level) as Level))

/** Whether a place can stand right above what is asked for. */
export function fitsAbove(draft: Draft, place: Place): boolean {
  const level = levelOf(draft)
  if (level === null) return false
  return isTerritory(draft) ? place.level < level : place.level === level
}

const missing = (value: string, text: string): Fault | undefined => (value.trim() === '' ? { key: text } : undefined)

/** Nothing stands above a city; of other territories the applicant says that nothing above has joined. */
export const standsAlone = (draft: Draft): boolean => isTerritory(draft) && (draft.isRoot || levelOf(draft) === 1)

function parentFault(draft: Draft): Fault | undefined {
  if (standsAlone(draft)) return undefined
  if (draft.parent === null) return { key: 'portal.apply.parent.empty' }
  return fitsAbove(draft, draft.parent) ? undefined : { key: 'portal.apply.parent.level' }
}

function codeFault(draft: Draft): Fault | undefined {
  const code = tidied(draft.code)
  if (!isTerritory(draft)) return creditCodeFault(code) ?? undefined
  const level = levelOf(draft)
  return (level === null ? undefined : divisionCodeFault(code, level)) ?? undefined
}

const checks: Record<Field, (draft: Draft) => Fault | undefined> = {
  category: ({ category }) => missing(category, 'portal.apply.category.empty'),
  name: ({ name }) => missing(name, 'portal.apply.name.empty'),
  level: (draft) => (levelOf(draft) === null ? { key: 'portal.apply.level.empty' } : undefined),
  parent: parentFault,
  code: codeFault,
  reason: ({ reason }) => missing(reason, 'portal.apply.reason.empty'),
  contact_name: (draft) => missing(draft.contact_name, 'portal.apply.contact.name_empty'),
  contact_phone: (draft) => (phone.test(draft.contact_phone.trim()) ? undefined : { key: 'onboarding.invalid.phone' }),
  contact_email: (draft) => (draft.contact_email.trim() === '' || email.test(draft.contact_email.trim()) ? undefined : { key: 'onboarding.invalid.email' }),
}

/** What has to change in one step, counted from 0. */
export function faultsOf(draft: Draft, step: number): Faults {
  const found = (fieldsOf[step] ?? []).flatMap((field) => {
    const fault = checks[field](draft)
    return fault ? [[field, fault] as const] : []
  })
  return Object.fromEntries(found)
}

/** The step that shows a field; fields are named as the API names them. */
export function stepOf(field: string): number {
  const known = field === 'parent_code' ? 'parent' : field
  return Math.max(0, fieldsOf.findIndex((fields) => fields.some((own) => own === known)))
}

/** How far somebody may go: to the first step that still has faults. */
export function reachOf(draft: Draft): number {
  const first = steps.findIndex((_step, index) => Object.keys(faultsOf(draft, index)).length > 0)
  return first === -1 ? steps.length - 1 : first
}

export function wishOf(draft: Draft): Wish {
  const mail = draft.contact_email.trim()
  const level = isTerritory(draft) ? levelOf(draft) : null
  return {
    name: draft.name.trim(),
    code: tidied(draft.code),
    category: draft.category || 'territory',
    ...(level === null ? {} : { level }),
    contact_name: draft.contact_name.trim(),
    contact_phone: draft.contact_phone.trim(),
    ...(mail === '' ? {} : { contact_email: mail }),
    reason: draft.reason.trim(),
  }
}

/** An application that was sent, to be changed. What stands above it stays. */
export function draftOf(sent: Schemas['OwnApplicationOut'], parent: Place | null): Draft {
  const { name, code, category, contact_name, contact_phone, contact_email } = sent
  const level = category === 'territory' ? sent.level : sent.level - 1
  return { category, name, level: String(level), parent, isRoot: parent === null, code, reason: sent.wish, contact_name, contact_phone, contact_email }
}
