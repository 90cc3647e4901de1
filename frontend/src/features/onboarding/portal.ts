import type { PortalFeature } from '@/apps/feature'

const feature: PortalFeature = {
  routes: [
    { path: '/join', name: 'join', component: () => import('./portal/JoinPage.vue') },
    { path: '/invitation', name: 'invitation', component: () => import('./portal/InvitationPage.vue') },
    { path: '/register', name: 'register', component: () => import('./portal/RegisterPage.vue') },
  ],
  nav: [],
}

export default feature
