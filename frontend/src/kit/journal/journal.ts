export interface JournalLine {
  id: string
  /** Shown as it is, such as 09:24. */
  time: string
  at: string
  text: string
  note?: string
  tone?: 'ok' | 'bad' | 'due'
}
