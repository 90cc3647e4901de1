import type { PortalFeature } from '@/apps/feature'

const feature: PortalFeature = {
  routes: [],
  nav: [],
  mePanels: [{ order: 25, title: 'portal.programs.title', load: () => import('./portal/ConnectedPanel.vue') }],
}

export default feature
