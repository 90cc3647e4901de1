import type { PortalFeature } from '@/apps/feature'

const feature: PortalFeature = {
  routes: [{ path: '/', name: 'choose', component: () => import('./portal/ChoosePage.vue') }],
  nav: [
    { where: 'tabs', order: 10, label: 'portal.choose.tab', icon: 'map-pin', route: 'choose', at: 'nowhere' },
    { where: 'tabs', order: 10, label: 'portal.home.title', icon: 'house', route: 'home', at: 'place' },
    { where: 'sections', order: 0, label: 'portal.home.title', icon: 'house', route: 'home', at: 'place' },
  ],
}

export default feature
