import type { ConsoleFeature } from '@/apps/feature'

const feature: ConsoleFeature = {
  routes: [],
  nav: [],
  operator: {
    routes: [{ path: 'health/:part(set-aside|failed|schedules|packs)?', name: 'operator-health', component: () => import('./console/HealthPage.vue') }],
    nav: [{ group: 'administration', order: 20, label: 'console.health.title', icon: 'activity', route: 'operator-health', permission: 'journal.consumer.read' }],
  },
}

export default feature
