import type { ConsoleFeature } from '@/apps/feature'

const feature: ConsoleFeature = {
  routes: [{ path: 'journal', name: 'journal', component: () => import('./console/JournalPage.vue') }],
  nav: [{ group: 'administration', order: 40, label: 'console.journal.title', icon: 'scroll-text', route: 'journal', permission: 'journal.record.read' }],
  operator: {
    routes: [{ path: 'journal', name: 'operator-journal', component: () => import('./console/DeploymentJournalPage.vue') }],
    nav: [{ group: 'administration', order: 40, label: 'console.journal.title', icon: 'scroll-text', route: 'operator-journal', permission: 'journal.record.read' }],
  },
  own: () => [{ path: 'me/journal', component: () => import('./console/OwnJournalPage.vue') }],
}

export default feature
