// The way of a tip so far, as its own columns tell it; all of it stands in the journal.
import { formatShort } from '@wuji/sdk'
import { type JournalLine } from '@wuji/ui'
import { type ManagedTip } from '../tips'

type Say = (key: string, values?: Record<string, unknown>) => string

function line(id: string, at: string, text: string, note = '', tone?: JournalLine['tone']): JournalLine {
  return { id, at, time: formatShort(at), text, note, ...(tone && { tone }) }
}

export function historyOf(tip: ManagedTip, t: Say): JournalLine[] {
  const who = [tip.reviewer?.name, tip.reviewed_by].filter((part) => part !== null && part !== undefined).join(' · ')
  const lines: JournalLine[] = []
  if (tip.submitted_at !== null) lines.push(line('sent', tip.submitted_at, t('ui.history.sent', { place: tip.tenant.name }), tip.author ?? ''))
  if (tip.state === 'in_review' && tip.submitted_at !== null) {
    lines.push({ ...line('waits', tip.submitted_at, t('ui.history.waits'), tip.own ? t('ui.history.own') : '', 'due'), time: t('ui.history.now') })
  }
  if (tip.reviewed_at !== null && tip.state === 'returned') lines.push(line('returned', tip.reviewed_at, t('ui.history.returned', { who }), tip.reason, 'bad'))
  if (tip.published_at !== null && tip.reviewed_at !== null && tip.state !== 'returned') lines.push(line('published', tip.published_at, t('ui.history.published', { who }), '', 'ok'))
  if (tip.withdrawn_at !== null) lines.push(line('withdrawn', tip.withdrawn_at, t('ui.history.withdrawn'), tip.reason, 'bad'))
  return lines
}
