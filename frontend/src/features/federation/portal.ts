import type { PortalFeature } from '@/apps/feature'

const feature: PortalFeature = {
  routes: [],
  nav: [],
  mePanels: [{ order: 65, title: 'portal.linked.title', load: () => import('./portal/LinkedPanel.vue') }],
}

export default feature
