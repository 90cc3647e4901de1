// What the options of all kinds have in common. Only types come from ECharts: this is tested without it.
import type { CustomSeriesOption, LineSeriesOption, BarSeriesOption, ScatterSeriesOption } from 'echarts/charts'
import type { GeoComponentOption, GridComponentOption, MarkLineComponentOption, TooltipComponentOption } from 'echarts/components'
import type { ComposeOption } from 'echarts/core'
import { sayWhole, scaled } from '../amount'
import type { Amount, Mark, Scale } from '../chart'
import type { Palette } from '../palette'

export type Option = ComposeOption<
  CustomSeriesOption | LineSeriesOption | BarSeriesOption | ScatterSeriesOption | GeoComponentOption | GridComponentOption | MarkLineComponentOption | TooltipComponentOption
>

/** ECharts' word for nothing. */
export const none = '-'

export const point = (value: Amount | undefined, scale: Scale): number | typeof none => (typeof value === 'number' ? scaled(value, scale) : none)

/** Drawn at once and in the same place: what changes does not count up (look.md §10). */
export const ground = ({ size, font, soft }: Palette): Option => ({ animation: false, textStyle: { fontFamily: font, fontSize: size, color: soft } })

export const tooltip = ({ size, font, fg, bg, edge }: Palette) => ({
  // An HTML tooltip writes style attributes, which our Content-Security-Policy forbids.
  renderMode: 'richText' as const,
  confine: true,
  backgroundColor: bg,
  borderColor: edge,
  padding: [size * 0.5, size * 0.75],
  textStyle: { color: fg, fontFamily: font, fontSize: size, lineHeight: size * 1.5 },
})

export function grid({ size }: Palette, room: { top?: number; right?: number; left?: number; bottom?: number } = {}): GridComponentOption {
  const { top = 0.75, right = 0.75, left = 0.25, bottom = 0.25 } = room
  return { top: top * size, right: right * size, left: left * size, bottom: bottom * size, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' }
}

export const labels = ({ size, font, soft }: Palette) => ({ color: soft, fontSize: size, fontFamily: font, hideOverlap: true })

/** Names beside rows take at most so much of the width. */
export const names = (palette: Palette) => ({ ...labels(palette), interval: 0, width: Math.max(4 * palette.size, palette.width * 0.3), overflow: 'truncate' as const, margin: palette.size * 0.67 })

/** What is counted one by one has no halves on its axis. */
export const whole = ({ share = false, decimals = 0 }: Scale) => (share || decimals > 0 ? {} : { minInterval: 1 })

export const dotted = [2, 3]
export const bare = { axisLine: { show: false }, axisTick: { show: false } }

const axisNumber = new Intl.NumberFormat('en', { maximumFractionDigits: 4 })
export const sayTick = (unit: string) => (value: number) => axisNumber.format(value) + unit

export function markLabel({ size, fg, font }: Palette, text: string) {
  return { formatter: text, color: fg, fontSize: size, fontFamily: font, fontWeight: 600 as const }
}

/** One line of a tooltip. */
export const line = (name: string, value: Amount | undefined, scale: Scale): string => `${name} ${sayWhole(value ?? null, scale)}`

/** A value that the axis must reach, and nothing that is seen. */
export function reach(marks: readonly (Mark | undefined)[], scale: Scale, at: string): LineSeriesOption[] {
  const values = marks.flatMap((mark) => (mark ? [scaled(mark.value, scale)] : []))
  return values.map((value) => ({ type: 'line', data: [[at, value]], showSymbol: false, silent: true, lineStyle: { opacity: 0 }, tooltip: { show: false } }))
}
