// What charts are drawn from: plain numbers under plain names. The same numbers fill the table and the file.

/** null: nobody knows it. withheld: it would say something of a few people, and is printed as such. */
export type Amount = number | null | 'withheld'

export interface Scale {
  unit?: string
  decimals?: number
  /** A part of one, shown in hundredths. */
  share?: boolean
  /** What the first column of the table is called. */
  head: string
}

export interface Mark {
  value: number
  text: string
}

export interface Series {
  name: string
  values: readonly Amount[]
  /** forecast: dashed copper; earlier: grey, for comparison. */
  look?: 'forecast' | 'earlier'
  area?: boolean
  /** One point with words beside it. */
  note?: { index: number; text: string }
}

export interface Row {
  key: string
  name: string
  value: Amount
}

/** One thing over time, at most four series. */
export interface LineChart extends Scale {
  kind: 'line'
  at: readonly string[]
  /** Names each n-th point on the axis; without it, as many as fit. */
  every?: number
  series: readonly Series[]
  band?: { name: string; low: readonly Amount[]; high: readonly Amount[] }
  now?: { index: number; text: string }
  /** What must not be passed: a capacity. */
  limit?: Mark
  /** What is aimed at. */
  target?: Mark
}

/** Amounts side by side from zero. */
export interface BarsChart extends Scale {
  kind: 'bars'
  series: readonly string[]
  rows: readonly { key: string; name: string; values: readonly Amount[] }[]
  /** Columns, for time; without it, rows with their names beside them. */
  upright?: boolean
  target?: Mark
}

/** How far each is from a target. */
export interface DotsChart extends Scale {
  kind: 'dots'
  name: string
  rows: readonly Row[]
  target: Mark
}

/** Rows × columns, such as weekdays × hours. */
export interface HeatChart extends Scale {
  kind: 'heat'
  columns: readonly string[]
  rows: readonly { name: string; values: readonly Amount[] }[]
  now?: { row: number; column: number }
}

export interface Areas {
  type: 'FeatureCollection'
  features: readonly { type: 'Feature'; id?: string | number; properties: unknown; geometry: unknown }[]
}

/** Places by colour; a row belongs to the feature whose id is its key. */
export interface MapChart extends Scale {
  kind: 'map'
  name: string
  areas: Areas
  rows: readonly Row[]
  /** From the least to the most that the colours stand for; without it, that of the rows. */
  range?: readonly [number, number]
  points?: readonly { key: string; name: string; at: readonly [number, number]; tone?: 'ok' | 'warn' | 'bad' }[]
  note?: string
  /** Coordinates of a plan, not degrees. */
  flat?: boolean
}

export type Chart = LineChart | BarsChart | DotsChart | HeatChart | MapChart
