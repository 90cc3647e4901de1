// Numbers of the mock-ups, for the kinds of charts.
import type { Amount, BarsChart, DotsChart, HeatChart, LineChart, MapChart } from '@/kit/chart/chart'

const hours = Array.from({ length: 53 }, (_, index) => `${Math.floor(8 + index / 4)}:${String((index % 4) * 15).padStart(2, '0')}`)
const curve = (index: number): number => Math.round(25 + 35 * Math.exp(-(((index - 6) / 6) ** 2)) + 25 * Math.exp(-(((index - 32) / 7) ** 2)) - 15 * Math.exp(-(((index - 20) / 6) ** 2)))
const until = (last: number, off: number): Amount[] => hours.map((_, index) => (index <= last && index !== 12 ? curve(index) + off : null))
const after = (first: number, off: number): Amount[] => hours.map((_, index) => (index >= first && index < first + 13 ? curve(index) + off * ((index - first) / 4) : null))

export const line: LineChart = {
  kind: 'line',
  head: '时间',
  unit: '人',
  at: hours,
  every: 8,
  series: [
    { name: '实际', values: until(34, 4) },
    { name: '预测', values: after(34, 0), look: 'forecast', note: { index: 40, text: '约 43' } },
    { name: '上周四', values: hours.map((_, index) => curve(index)), look: 'earlier' },
  ],
  band: { name: '八成把握的范围', low: after(34, -4), high: after(34, 4) },
  now: { index: 34, text: '现在 45' },
  limit: { value: 80, text: '可容纳 80' },
}

const towns = ['横埠镇', '项铺镇', '钱桥镇', '麒麟镇', '义津镇', '浮山镇', '会宫镇', '白柳镇', '铜陵经济技术开发区筹备委员会', '白梅乡']
const rates: Amount[] = [0.971, 0.958, 0.982, 0.96, 0.931, 0.99, 0.976, 0.914, 'withheld', null]
const rows = towns.map((name, index) => ({ key: String(index + 1), name, value: rates[index] ?? null }))
export const dots: DotsChart = { kind: 'dots', head: '乡镇', name: '按时办结率', share: true, decimals: 1, rows, target: { value: 0.95, text: '目标 95%' } }

export const heat: HeatChart = {
  kind: 'heat',
  head: '星期',
  unit: '人',
  columns: Array.from({ length: 15 }, (_, index) => String(7 + index)),
  rows: ['周一', '周二', '周三', '周四', '周五', '周六', '周日'].map((name, day) => ({
    name,
    values: Array.from({ length: 15 }, (_, index) => (day === 2 && index === 13 ? 'withheld' : Math.round(60 * Math.exp(-(((index - 2) / 1.5) ** 2)) + (30 + 3 * day) * Math.exp(-(((index - 9) / 2) ** 2)) + (day === 0 ? 5 : 1)))),
  })),
  now: { row: 3, column: 9 },
}

const square = (x: number, y: number) => ({ type: 'Polygon', coordinates: [[[x, y], [x + 0.9, y + 0.1], [x + 1, y + 1], [x + 0.1, y + 0.9], [x, y]]] })
export const map: MapChart = {
  kind: 'map',
  head: '乡镇',
  name: '按时办结率',
  share: true,
  decimals: 1,
  range: [0.9, 1],
  areas: { type: 'FeatureCollection', features: [1, 5, 8, 9].map((id, index) => ({ type: 'Feature', id: String(id), properties: {}, geometry: square(117 + (index % 2), 30 + Math.floor(index / 2)) })) },
  rows: rows.filter(({ key }) => ['1', '5', '8', '9'].includes(key)),
  points: [{ key: 's1', name: '合龙驿站', at: [117.5, 30.3], tone: 'bad' }],
  note: '示意图，不代表行政区域界线',
}

export const bars: BarsChart = { kind: 'bars', head: '村', unit: '人', series: ['读者'], rows: ['一心村', '合龙村', '栏桥村', '幸福社区'].map((name, index) => ({ key: name, name, values: [[120, 'withheld', null, 0][index] as Amount] })) }
export const columns: BarsChart = { kind: 'bars', upright: true, head: '月份', unit: '篇', series: ['农话', '去年'], rows: [1, 2, 3, 4, 5, 6, 7].map((month) => ({ key: '', name: `${String(month)}月`, values: [20 + month * 5, 18 + month * 4] })) }
