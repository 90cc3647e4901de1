import type { PortalFeature } from '@/apps/feature'

const feature: PortalFeature = {
  routes: [{ path: '/:code([0-9A-Za-z]{4,18})/search', name: 'search', component: () => import('./portal/SearchPage.vue'), props: true }],
  nav: [{ where: 'tabs', order: 20, label: 'search.page.title', icon: 'search', route: 'search', at: 'place' }],
}

export default feature
