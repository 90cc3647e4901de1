import type { PortalFeature } from '@/apps/feature'

const feature: PortalFeature = {
  routes: [],
  nav: [],
  mePanels: [{ order: 60, title: 'portal.factors.title', load: () => import('./portal/FactorsPanel.vue') }],
}

export default feature
