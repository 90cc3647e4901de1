import { defineAsyncComponent } from 'vue'
import type { ConsoleFeature } from '@/apps/feature'

const feature: ConsoleFeature = {
  routes: [
    { path: 'applications', name: 'applications', component: () => import('./console/ApplicationsPage.vue'), meta: { layout: 'review' } },
    { path: 'invitations', name: 'invitations', component: () => import('./console/InvitationsPage.vue') },
    { path: 'registrations', name: 'registrations', component: () => import('./console/RegistrationsPage.vue') },
  ],
  nav: [
    { group: 'organisation', order: 20, label: 'console.applications.title', icon: 'log-in', route: 'applications', permission: 'onboarding.application.read', deepest: 4 },
    { group: 'organisation', order: 40, label: 'console.invitations.title', icon: 'mail', route: 'invitations', permission: 'onboarding.invitation.read' },
    { group: 'organisation', order: 45, label: 'console.registrations.title', icon: 'user-round', route: 'registrations', permission: 'onboarding.registration.review' },
  ],
  today: [defineAsyncComponent(() => import('./console/SetupCard.vue'))],
  operator: {
    routes: [{ path: 'applications', name: 'operator-applications', component: () => import('./console/RootApplicationsPage.vue'), meta: { layout: 'review' } }],
    nav: [{ group: 'task', order: 20, label: 'console.applications.title', icon: 'log-in', route: 'operator-applications', permission: 'onboarding.application.read' }],
  },
}

export default feature
