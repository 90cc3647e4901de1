import type { ConsoleFeature } from '@/apps/feature'

const feature: ConsoleFeature = {
  routes: [{ path: 'programs', name: 'programs', component: () => import('./console/ProgramsPage.vue') }],
  nav: [{ group: 'administration', order: 35, label: 'console.programs.title', icon: 'layers', route: 'programs', permission: 'identity.oauth_client.manage' }],
}

export default feature
