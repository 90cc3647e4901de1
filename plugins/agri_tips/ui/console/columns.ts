// Columns of the console's list, by what its tab is about.
import { type Column } from '@wuji/ui'
import { type Tab } from './tabs'

type Say = (key: string) => string

export function columnsOf(tab: Tab, t: Say): Column[] {
  const title = { key: 'title', label: t('ui.desk.tip'), sort: 'title', head: true }
  const subject = { key: 'subject', label: t('ui.field.subject') }
  const end = 'end' as const
  if (tab === 'to_review' || tab === 'in_review') {
    return [title, subject, { key: 'due_on', label: t('ui.desk.due') }, { key: 'waiting_since', label: t('ui.desk.sent'), sort: 'waiting_since', align: end }]
  }
  if (tab === 'published') {
    return [
      title,
      subject,
      { key: 'reads', label: t('ui.desk.reads'), sort: 'reads', align: end },
      { key: 'helpful', label: t('ui.desk.helpful'), sort: 'helpful', align: end },
      { key: 'published_at', label: t('ui.desk.published'), align: end },
    ]
  }
  return [title, subject, { key: 'updated_at', label: t('ui.desk.changed'), sort: 'updated_at', align: end }]
}
