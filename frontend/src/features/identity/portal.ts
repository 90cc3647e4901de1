import type { PortalFeature } from '@/apps/feature'

const feature: PortalFeature = {
  routes: [
    { path: '/login', name: 'login', component: () => import('./portal/LoginPage.vue') },
    { path: '/link', name: 'link', component: () => import('./portal/LinkPage.vue') },
  ],
  nav: [{ where: 'tabs', order: 90, label: 'portal.mine', icon: 'user-round', route: 'me' }],
  mePanels: [
    { order: 10, title: 'portal.own.places', load: () => import('./portal/PlacesPanel.vue') },
    { order: 20, title: 'portal.own.sessions', load: () => import('./portal/SessionsPanel.vue') },
    { order: 27, title: 'portal.access.title', load: () => import('./portal/AccessPanel.vue') },
    { order: 30, title: 'portal.own.type', load: () => import('./portal/TypePanel.vue') },
    { order: 40, title: 'console.account.person', load: () => import('./portal/PersonPanel.vue') },
    { order: 50, title: 'console.account.password.title', load: () => import('./portal/PasswordPanel.vue') },
    { order: 85, title: 'portal.consents.title', load: () => import('./portal/ConsentsPanel.vue') },
    { order: 90, title: 'portal.copy.title', load: () => import('./portal/CopyPanel.vue') },
    { order: 92, title: 'portal.merge.panel', load: () => import('./portal/MergePanel.vue') },
    { order: 95, title: 'portal.closure.panel', load: () => import('./portal/ClosurePanel.vue') },
  ],
}

export default feature
