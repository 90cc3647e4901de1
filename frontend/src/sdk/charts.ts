// @wuji/charts, served as /sdk/v1/charts.js: charts of all surfaces. ECharts itself comes with the first that is drawn.
export { default as WChart } from '@/kit/chart/WChart.vue'
export { default as WChartCard } from '@/kit/chart/WChartCard.vue'
export { default as WGauge } from '@/kit/chart/WGauge.vue'
export { default as WSparkline } from '@/kit/chart/WSparkline.vue'
export type * from '@/kit/chart/chart'
