/** A filter that is on, in words. */
export interface ActiveFilter {
  key: string
  label: string
}
