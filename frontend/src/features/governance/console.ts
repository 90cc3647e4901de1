import type { ConsoleFeature } from '@/apps/feature'

const feature: ConsoleFeature = {
  routes: [{ path: 'governance', name: 'governance', component: () => import('./console/GovernancePage.vue') }],
  nav: [{ group: 'administration', order: 10, label: 'console.governance.title', icon: 'blocks', route: 'governance', permission: 'governance.rule.read' }],
  operator: {
    routes: [{ path: 'plugins', name: 'operator-plugins', component: () => import('./console/PluginsPage.vue') }],
    nav: [{ group: 'administration', order: 20, label: 'console.plugins.title', icon: 'blocks', route: 'operator-plugins', permission: 'governance.plugin.read' }],
  },
}

export default feature
