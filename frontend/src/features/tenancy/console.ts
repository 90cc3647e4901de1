import type { ConsoleFeature } from '@/apps/feature'

const feature: ConsoleFeature = {
  routes: [
    { path: 'tree/:place?', name: 'tree', component: () => import('./console/TreePage.vue'), meta: { layout: 'split' } },
    { path: 'settings/:feature?', name: 'settings', component: () => import('./console/SettingsPage.vue') },
  ],
  nav: [
    { group: 'organisation', order: 10, label: 'console.tree.title', icon: 'network', route: 'tree', permission: 'tenancy.tenant.read' },
    { group: 'administration', order: 30, label: 'console.settings.title', icon: 'settings', route: 'settings', permission: 'tenancy.setting.read' },
  ],
  operator: {
    routes: [{ path: '', name: 'operator-roots', component: () => import('./console/RootsPage.vue') }],
    nav: [{ group: 'task', order: 10, label: 'console.roots.title', icon: 'network', route: 'operator-roots', permission: 'tenancy.tenant.read' }],
  },
}

export default feature
