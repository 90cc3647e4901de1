import type { PortalFeature } from '@/apps/feature'

const feature: PortalFeature = {
  routes: [
    { path: '/me/inbox', component: () => import('./portal/InboxPage.vue') },
    { path: '/me/inbox/settings', component: () => import('./portal/WaysPage.vue') },
  ],
  nav: [],
}

export default feature
