import type { PortalFeature } from '@/apps/feature'

const feature: PortalFeature = {
  routes: [
    { path: '/login', name: 'login', component: () => import('./portal/LoginPage.vue') },
    { path: '/link/:token', name: 'link', component: () => import('./portal/LinkPage.vue'), props: true },
  ],
  nav: [],
}

export default feature
