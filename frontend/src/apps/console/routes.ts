import type { RouteRecordRaw } from 'vue-router'
import WNotFound from '@/kit/not-found/WNotFound.vue'
import ConsoleStart from './ConsoleStart.vue'
import TenantConsole from './TenantConsole.vue'
import { features } from './features'

declare module 'vue-router' {
  interface RouteMeta {
    /** How the console lays the page out; without it, one column. */
    layout?: 'split' | 'review'
  }
}

// Every part in every state: the branch is dropped from the production build.
const stories: RouteRecordRaw[] = import.meta.env.DEV
  ? [
      { path: '/console/_kit', component: () => import('@/stories/KitPage.vue') },
      { path: '/console/_kit/tree', component: () => import('@/stories/TreePage.vue') },
      { path: '/console/_kit/list', component: () => import('@/stories/ReviewPage.vue') },
      { path: '/console/_kit/portal', component: () => import('@/stories/PortalPage.vue') },
    ]
  : []

const notFound = { component: WNotFound, props: { home: '/console' } }
// The first route of a path wins: what the features leave open is not found.
const open: RouteRecordRaw[] = ['', ':rest(.*)*'].map((path) => ({ path, ...notFound }))
const plugins: RouteRecordRaw = { path: 'x/:plugin/:path(.*)*', component: () => import('./PluginPage.vue'), props: true }
const own = (): RouteRecordRaw[] => features.flatMap((feature) => feature.own?.() ?? [])

export const routes: RouteRecordRaw[] = [
  ...stories,
  {
    path: '/console/:tenant(\\d{4,15}|[0-9A-Z]{18})',
    component: TenantConsole,
    children: [...features.flatMap((feature) => feature.routes), ...own(), plugins, ...open],
  },
  {
    path: '/console',
    component: ConsoleStart,
    children: [...features.flatMap(({ operator }) => operator?.routes ?? []), ...own(), ...open],
  },
  { path: '/:rest(.*)*', ...notFound },
]
