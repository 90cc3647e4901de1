import type { PortalFeature } from '@/apps/feature'

const feature: PortalFeature = {
  routes: [
    { path: '/login', name: 'login', component: () => import('./portal/LoginPage.vue') },
    { path: '/link/:token', name: 'link', component: () => import('./portal/LinkPage.vue'), props: true },
  ],
  nav: [{ where: 'tabs', order: 90, label: 'portal.login', icon: 'user-round', route: 'login' }],
}

export default feature
