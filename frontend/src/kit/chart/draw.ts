// The one place that loads ECharts. What stands here is all that charts, and plugins' charts, can be made of.
import { BarChart, CustomChart, LineChart, ScatterChart } from 'echarts/charts'
import { GeoComponent, GridComponent, MarkLineComponent, TooltipComponent } from 'echarts/components'
import { init, registerMap, use } from 'echarts/core'
import { LabelLayout } from 'echarts/features'
import { CanvasRenderer } from 'echarts/renderers'
import type { Areas, Chart } from './chart'
import { barsOption } from './options/bars'
import { dotsOption } from './options/dots'
import { heatOption } from './options/heat'
import { lineOption } from './options/line'
import { mapOption, outlines } from './options/map'
import type { Option } from './options/parts'
import { readPalette, type Palette } from './palette'

// On canvas: an SVG would be written with style attributes, which our Content-Security-Policy forbids.
use([BarChart, CustomChart, GeoComponent, GridComponent, LabelLayout, LineChart, MarkLineComponent, ScatterChart, TooltipComponent, CanvasRenderer])

export interface Drawing {
  show: (chart: Chart, selected: string) => void
  /** As it stands now, twice as fine as the screen. */
  picture: () => HTMLCanvasElement
  palette: () => Palette
  leave: () => void
}

interface Shown {
  chart: Chart
  selected: string
}

let drawings = 0

/** Outlines are registered under a name that is this drawing's own, and anew only where they are others. */
function mapNamed(name: string): (areas: Areas) => string {
  let known: Areas | undefined
  return (areas) => {
    if (areas !== known) registerMap(name, outlines(areas) as Parameters<typeof registerMap>[1])
    known = areas
    return name
  }
}

function keyOf(chart: Chart, { dataIndex, name, componentType, data }: { dataIndex?: number; name?: string; componentType?: string; data?: unknown }): string | undefined {
  if (chart.kind === 'map') return componentType === 'geo' ? name : (data as { id?: string } | undefined)?.id
  if (chart.kind === 'dots') return chart.rows[(data as readonly number[] | undefined)?.[1] ?? -1]?.key
  return chart.kind === 'bars' ? chart.rows[dataIndex ?? -1]?.key : undefined
}

function optionOf({ chart, selected }: Shown, palette: Palette, register: (areas: Areas) => string): Option {
  switch (chart.kind) {
    case 'line':
      return lineOption(chart, palette)
    case 'bars':
      return barsOption(chart, palette, selected)
    case 'dots':
      return dotsOption(chart, palette, selected)
    case 'heat':
      return heatOption(chart, palette)
    case 'map':
      return mapOption(chart, palette, selected, register(chart.areas))
  }
}

/** Calls when the drawing or the page's type is of another size, and when colours are others; returns how to stop it. */
function watchPage(host: HTMLElement, sized: () => void, coloured: () => void): () => void {
  const sizes = new ResizeObserver(sized)
  const themes = new MutationObserver(coloured)
  sizes.observe(host)
  themes.observe(document.documentElement, { attributeFilter: ['data-theme', 'data-elder', 'data-density', 'lang'] })
  return () => {
    sizes.disconnect()
    themes.disconnect()
  }
}

export function draw(host: HTMLElement, pick: (key: string) => void): Drawing {
  const instance = init(host)
  const register = mapNamed(`wuji-${(drawings += 1)}`)
  let shown: Shown | null = null
  const again = (): void => {
    if (shown) instance.setOption(optionOf(shown, readPalette(host), register), true)
  }
  const resize = (): void => {
    instance.resize()
    again()
  }
  const stop = watchPage(host, resize, again)
  instance.on('click', (event) => {
    const key = shown && keyOf(shown.chart, event)
    if (key !== null && key !== undefined && key !== '') pick(key)
  })
  return {
    show: (chart, selected) => {
      shown = { chart, selected }
      again()
    },
    picture: () => instance.renderToCanvas({ pixelRatio: 2 }),
    palette: () => readPalette(host),
    leave: () => {
      stop()
      instance.dispose()
    },
  }
}
