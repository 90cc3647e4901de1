// Alarms and the rules that open them, and how both are said.
import { currentLocale, formatNumber, formatTime, type Level, type Locale } from '@wuji/sdk'
import { type IconName } from '@wuji/ui'
import { type Tone } from '../stations'

export const ruleKinds = ['silent', 'full', 'reading'] as const
export type AlarmKind = (typeof ruleKinds)[number]
export const ruledMeasures = ['temperature', 'humidity', 'co2', 'battery'] as const
export type RuledMeasure = (typeof ruledMeasures)[number]

export interface Alarm {
  id: string
  kind: AlarmKind
  measure: RuledMeasure | ''
  /** What it went beyond: minutes, per cent, or the measure's unit; `value` is in the same. */
  bound: number
  value: number
  since: string
  opened_at: string
  state: 'open' | 'taken' | 'closed'
  station_id: string
  station: string
  device: string | null
  /** The level that is told of it now. */
  told_name: string
  told_level: Level
  /** By language: a role and a place, where the person's name is nobody's business. */
  taken_role: Partial<Record<Locale, string>> | null
  taken_name: string | null
  taken_by: string | null
  taken_at: string | null
  note: string
  result: string
  closed_at: string | null
  /** Nobody closed it: it was over. */
  by_itself: boolean
  tenant: string
  tenant_name: string
  tenant_level: Level
}

export interface AlarmRule {
  id: string
  kind: AlarmKind
  measure: RuledMeasure | ''
  share: number | null
  low: number | null
  high: number | null
  minutes: number
  escalate_minutes: number | null
  is_on: boolean
  /** Of this tenant, and not of one above or below. */
  own: boolean
  version: number
  tenant: string
  tenant_name: string
  tenant_level: Level
}

type Say = (key: string, values?: Record<string, unknown>) => string

const icons: Record<AlarmKind, IconName> = { silent: 'wifi-off', full: 'users-round', reading: 'thermometer' }
export const iconOf = ({ kind, state }: Pick<Alarm, 'kind' | 'state'>): IconName => (state === 'closed' ? 'circle-check-big' : icons[kind])
export function toneOfAlarm({ kind, state }: Pick<Alarm, 'kind' | 'state'>): Tone | undefined {
  if (state === 'closed') return undefined
  return kind === 'reading' ? 'warn' : 'bad'
}

const number = (value: number): string => formatNumber(Math.round(value * 10) / 10)
export const measured = (measure: string, value: number, say: Say): string => say(`ui.device.value.${measure}`, { value: number(value) })

/** What is wrong, with the number that says so. */
export function alarmTitle(alarm: Alarm, say: Say): string {
  const { kind, measure, value, device } = alarm
  if (kind === 'silent') return say('ui.alarm.silent', { device: device ?? '' })
  if (kind === 'full') return say('ui.alarm.full', { share: number(value) })
  return say('ui.alarm.reading', { device: device ?? '', value: measured(measure, value, say) })
}

/** Since when, and who has it. */
export function alarmNote(alarm: Alarm, say: Say, zone?: string): string {
  const since = formatTime(alarm.since, 'time', zone)
  if (alarm.state === 'closed') return say(alarm.by_itself ? 'ui.alarm.over' : 'ui.alarm.done', { since, until: alarm.closed_at === null ? '' : formatTime(alarm.closed_at, 'time', zone), result: alarm.result })
  if (alarm.state === 'taken') return say('ui.alarm.taken', { since, who: alarm.taken_by ?? [alarm.taken_name, alarm.taken_role?.[currentLocale()]].filter(Boolean).join(' ') })
  return say('ui.alarm.told', { since, place: alarm.told_name })
}

/** One sentence: when it speaks, and who is told next. */
export function ruleSaid(rule: Pick<AlarmRule, 'kind' | 'measure' | 'share' | 'low' | 'high' | 'minutes' | 'escalate_minutes'>, say: Say): string {
  const { kind, measure, share, low, high, minutes, escalate_minutes: escalate } = rule
  const ends = [low === null ? '' : say('ui.rule.below', { value: measured(measure, low, say) }), high === null ? '' : say('ui.rule.above', { value: measured(measure, high, say) })].filter((end) => end !== '')
  const key = minutes === 0 ? `ui.rule.says.${kind}_now` : `ui.rule.says.${kind}`
  const what = say(key, { share: share ?? 0, minutes, measure: measure === '' ? '' : say(`measure.${measure}`), limits: ends.join(say('ui.rule.or')) })
  return escalate === null ? what : `${what}${say('ui.rule.escalates', { minutes: escalate })}`
}
