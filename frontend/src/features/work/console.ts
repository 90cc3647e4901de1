import type { ConsoleFeature } from '@/apps/feature'

const feature: ConsoleFeature = {
  routes: [],
  nav: [],
  own: () => [{ path: 'me/jobs', component: () => import('./console/JobsPage.vue') }],
}

export default feature
