import type { ConsoleFeature } from '@/apps/feature'

const feature: ConsoleFeature = {
  routes: [{ path: '', name: 'today', component: () => import('./console/TodayPage.vue') }],
  nav: [{ group: 'task', order: 10, label: 'console.today.nav', icon: 'layout-dashboard', route: 'today' }],
}

export default feature
