// Notifications in the order of the server, day by day.
import { formatDay } from '@/shared/i18n/format'

interface Told {
  created_at: string
}

export interface Day<Row> {
  key: string
  label: string
  rows: Row[]
}

/** The calendar day on the reader's device. */
function dayOf(at: string): string {
  const moment = new Date(at)
  return `${moment.getFullYear()}-${moment.getMonth() + 1}-${moment.getDate()}`
}

export function daysOf<Row extends Told>(rows: readonly Row[]): Day<Row>[] {
  const days: Day<Row>[] = []
  for (const row of rows) {
    const key = dayOf(row.created_at)
    const last = days.at(-1)
    if (last?.key === key) last.rows.push(row)
    else days.push({ key, label: formatDay(new Date(row.created_at)), rows: [row] })
  }
  return days
}

/** The newest of them: whoever marks all as read means what they could see, not what came meanwhile. */
export function newestOf(rows: readonly Told[]): string | null {
  return rows.reduce<string | null>((newest, { created_at: at }) => (newest === null || new Date(at) > new Date(newest) ? at : newest), null)
}
