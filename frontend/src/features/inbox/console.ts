import type { ConsoleFeature } from '@/apps/feature'

const feature: ConsoleFeature = {
  routes: [],
  nav: [],
  own: () => [
    { path: 'me/inbox', component: () => import('./console/InboxPage.vue') },
    { path: 'me/inbox/settings', component: () => import('./console/WaysPage.vue') },
  ],
}

export default feature
