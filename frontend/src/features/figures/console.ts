import { defineAsyncComponent } from 'vue'
import type { ConsoleFeature } from '@/apps/feature'

const feature: ConsoleFeature = {
  routes: [
    { path: 'figures', name: 'figures', component: () => import('./console/FiguresPage.vue') },
    { path: 'figures/:figure', name: 'figure', component: () => import('./console/FigurePage.vue') },
  ],
  nav: [{ group: 'organisation', order: 40, label: 'figures.nav', icon: 'chart-line', route: 'figures', permission: 'rollup.figure.read' }],
  below: [defineAsyncComponent(() => import('./console/TodayFigures.vue'))],
}

export default feature
