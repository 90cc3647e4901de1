import type { ConsoleFeature } from '@/apps/feature'

const feature: ConsoleFeature = {
  routes: [{ path: 'login-providers', name: 'login-providers', component: () => import('./console/ProvidersPage.vue') }],
  nav: [{ group: 'administration', order: 34, label: 'console.providers.title', icon: 'log-in', route: 'login-providers', permission: 'identity.login_provider.manage' }],
}

export default feature
