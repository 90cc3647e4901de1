// How high a drawing stands: as much as its rows need, measured by its type.
import type { Chart } from './chart'

export function heightOf(chart: Chart): string {
  switch (chart.kind) {
    case 'dots':
      return `${chart.rows.length * 1.75 + 4}em`
    case 'bars':
      return chart.upright === true ? '20em' : `${chart.rows.length * Math.max(1.9, chart.series.length * 1.4) + 3}em`
    case 'heat':
      return `${chart.rows.length * 2.5 + 2}em`
    case 'map':
      return 'min(32em, 85vw)'
    case 'line':
      return '21em'
  }
}
