import type { PortalFeature } from '@/apps/feature'

const feature: PortalFeature = {
  routes: [
    { path: '/', name: 'choose', component: () => import('./portal/ChoosePage.vue') },
    { path: '/:code([0-9A-Za-z]{4,18})', name: 'home', component: () => import('./portal/HomePage.vue'), props: true },
  ],
  nav: [{ where: 'tabs', order: 10, label: 'portal.choose.tab', icon: 'map-pin', route: 'choose' }],
}

export default feature
