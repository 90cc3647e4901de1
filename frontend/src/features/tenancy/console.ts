import type { ConsoleFeature } from '@/apps/feature'

const feature: ConsoleFeature = {
  routes: [
    { path: 'tree/:place?', name: 'tree', component: () => import('./console/TreePage.vue'), meta: { layout: 'split' } },
    { path: 'changes', name: 'changes', component: () => import('./redrawing/ChangesPage.vue') },
    { path: 'changes/new', component: () => import('./redrawing/RedrawPage.vue') },
    { path: 'changes/:change', component: () => import('./redrawing/ChangePage.vue') },
    { path: 'transfers', component: () => import('./redrawing/TransfersPage.vue') },
    { path: 'transfers/new', component: () => import('./redrawing/TransferNewPage.vue') },
    { path: 'transfers/:transfer', component: () => import('./redrawing/TransferPage.vue') },
    { path: 'settings/:feature?', name: 'settings', component: () => import('./console/SettingsPage.vue') },
  ],
  nav: [
    { group: 'organisation', order: 10, label: 'console.tree.title', icon: 'network', route: 'tree', permission: 'tenancy.tenant.read' },
    { group: 'organisation', order: 15, label: 'console.redraw.title', icon: 'arrow-left-right', route: 'changes', permission: 'tenancy.tenant.move', deepest: 4 },
    { group: 'administration', order: 30, label: 'console.settings.title', icon: 'settings', route: 'settings', permission: 'tenancy.setting.read' },
  ],
  operator: {
    routes: [{ path: '', name: 'operator-roots', component: () => import('./console/RootsPage.vue') }],
    nav: [{ group: 'task', order: 10, label: 'console.roots.title', icon: 'network', route: 'operator-roots', permission: 'tenancy.tenant.read' }],
  },
}

export default feature
