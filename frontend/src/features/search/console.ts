import type { ConsoleFeature } from '@/apps/feature'

const feature: ConsoleFeature = {
  routes: [{ path: 'search', name: 'search', component: () => import('./console/SearchPage.vue') }],
  nav: [],
}

export default feature
