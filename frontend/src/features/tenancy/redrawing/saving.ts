// Takes a plan along as a file, to be read by those who decide.
import { t } from '@/shared/i18n/i18n'
import { dayFromNow } from '@/shared/i18n/dates'
import { download } from '@/shared/jobs/download'
import { asCsv, type Section } from './plan'

const kept = 60_000 // milliseconds for which the browser may still be reading what it saves

/** `op`: what is done, in words. */
export function savePlan(sections: readonly Section[], op: string, name: string): void {
  const url = URL.createObjectURL(new Blob([asCsv(sections)], { type: 'text/csv;charset=utf-8' }))
  download(url, t('console.redraw.file', { op, name, day: dayFromNow(0) }))
  setTimeout(() => URL.revokeObjectURL(url), kept)
}
