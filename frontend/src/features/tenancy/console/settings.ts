// Settings as their JSON Schema tells them: which control takes a value, and how a value reads.
import { api, bodyOf, ifMatch, ours, versionOf, type Schemas } from '@/shared/api/client'
import { formatNumber } from '@/shared/i18n/format'
import { textOr } from '@/shared/i18n/i18n'

export type Setting = Schemas['SettingOut']
export type Explained = Schemas['ExplainedSettingOut']
export type Mode = 'set' | 'suggest' | 'lock'
export const modes: readonly Mode[] = ['set', 'suggest', 'lock']

export type Choices = Setting['choices']
export type Control = { kind: 'choice'; choices: string[] } | { kind: 'several'; most: number } | { kind: 'number'; min?: number; max?: number } | { kind: 'switch' } | { kind: 'text'; max?: number }

const numberOr = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined)

export function controlOf(schema: Record<string, unknown>): Control {
  const { enum: choices, type, minimum, maximum, maxLength, maxItems } = schema
  if (Array.isArray(choices)) return { kind: 'choice', choices: choices.map(String) }
  if (type === 'boolean') return { kind: 'switch' }
  if (type === 'array') return { kind: 'several', most: numberOr(maxItems) ?? 1 }
  const [min, max, most] = [minimum, maximum, maxLength].map(numberOr)
  if (type === 'integer' || type === 'number') return { kind: 'number', ...(min !== undefined && { min }), ...(max !== undefined && { max }) }
  return { kind: 'text', ...(most !== undefined && { max: most }) }
}

/** What was typed, as the setting wants it; a number that is none goes as it is, and the server says what is wrong. */
export function valueOf(control: Control, typed: string): string | number | boolean | string[] {
  if (control.kind === 'several') return typed.split(comma).filter((part) => part !== '')
  if (control.kind === 'switch') return typed === 'true'
  const number = Number(typed)
  return control.kind === 'number' && typed.trim() !== '' && !Number.isNaN(number) ? number : typed
}

/** Several are typed in one line; none of them has a comma in it. */
export const comma = ','

export function typedOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(typedOf).join(comma)
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''
}

/** With the key of its setting, a number has its unit; with its choices, the parts of a list have their names. */
export function valueText(value: unknown, key = '', choices: Choices = []): string {
  if (Array.isArray(value) && value.length > 0) {
    const named = new Map(choices.map((choice) => [choice.value, choice.label]))
    return value.map((part) => named.get(typedOf(part)) ?? typedOf(part)).join(textOr('console.settings.comma', comma))
  }
  if (typeof value === 'number') return [formatNumber(value), settingText(key, 'unit')].filter(Boolean).join(' ')
  const text = typedOf(value)
  return text === '' ? textOr('console.settings.nothing', '') : textOr(`console.settings.value.${text}`, text)
}

/** feature.name stands in the catalogue as feature.setting.name. */
export function settingText(key: string, part: 'label' | 'help' | 'unit'): string {
  return textOr(`${key.replace('.', '.setting.')}.${part}`, part === 'label' ? key : '')
}

export const featureOf = (key: string): string => key.split('.')[0] ?? key

const one = (tenant: string, key: string) => ({ tenant_code: tenant, setting_key: key })

export async function explain(tenant: string, key: string) {
  const answer = await api.GET('/api/v1/tenants/{tenant_code}/settings/{setting_key}', { params: { path: one(tenant, key) } })
  return { ...bodyOf(answer), version: versionOf(answer) }
}

export async function putSetting(tenant: string, key: string, version: number, body: Schemas['SettingIn']) {
  const params = { path: one(tenant, key), header: ifMatch(version) }
  return bodyOf(await api.PUT('/api/v1/tenants/{tenant_code}/settings/{setting_key}', { params, body }))
}

export async function clearSetting(tenant: string, key: string): Promise<void> {
  await api.DELETE('/api/v1/tenants/{tenant_code}/settings/{setting_key}', { params: { path: one(tenant, key), header: ours } })
}
