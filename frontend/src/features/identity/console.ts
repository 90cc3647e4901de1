import type { ConsoleFeature } from '@/apps/feature'

const feature: ConsoleFeature = {
  routes: [
    { path: 'accounts', name: 'accounts', component: () => import('./console/GrantsPage.vue') },
    { path: 'accounts/recoveries', component: () => import('./console/RecoveriesPage.vue') },
    { path: 'accounts/former', component: () => import('./console/FormerGrantsPage.vue') },
    { path: 'roles', name: 'roles', component: () => import('./console/RolesPage.vue') },
  ],
  nav: [
    { group: 'organisation', order: 30, label: 'console.grants.title', icon: 'users-round', route: 'accounts', permission: 'identity.grant.read' },
    { group: 'administration', order: 20, label: 'console.roles.title', icon: 'key-round', route: 'roles', permission: 'identity.grant.read' },
  ],
  operator: {
    routes: [{ path: 'grants', name: 'operator-grants', component: () => import('./console/OperatorsPage.vue') }],
    nav: [{ group: 'administration', order: 10, label: 'console.operators.title', icon: 'users-round', route: 'operator-grants', permission: 'identity.grant.read' }],
  },
  own: () => [
    { path: 'me', component: () => import('./console/AccountPage.vue') },
    { path: 'me/sessions', component: () => import('./console/SessionsPage.vue') },
  ],
}

export default feature
