// A table shows what the server sorted, filtered and cut; it never does so itself.
import { formatNumber } from '@/shared/i18n/format'

export interface Column<Key extends string = string> {
  key: Key
  label: string
  /** The field the server sorts by; without it the column is not sortable. */
  sort?: string
  /** end: figures; center: a mark alone. */
  align?: 'end' | 'center'
  /** Names the row for those who hear the table. */
  head?: boolean
  mono?: boolean
}

/** The next order when a head is pressed: ascending, descending, then the server's own. */
export function nextSort(current: string, field: string): string {
  if (current === field) return `-${field}`
  return current === `-${field}` ? '' : field
}

export function ariaSort(current: string, field: string | undefined): 'ascending' | 'descending' | undefined {
  if (field === undefined || field === '') return undefined
  if (current === field) return 'ascending'
  return current === `-${field}` ? 'descending' : undefined
}

/** What a cell without a slot of its own shows. */
export function cellText(row: object, key: string): string {
  const value: unknown = Reflect.get(row, key)
  if (typeof value === 'number') return formatNumber(value)
  return typeof value === 'string' ? value : ''
}
