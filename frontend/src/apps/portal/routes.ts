import type { RouteRecordRaw } from 'vue-router'
import WNotFound from '@/kit/not-found/WNotFound.vue'
import { features } from './features'

export const routes: RouteRecordRaw[] = [
  ...features.flatMap((feature) => feature.routes),
  { path: '/:code([0-9A-Za-z]{4,18})', name: 'home', component: () => import('./home/HomePage.vue'), props: true },
  { path: '/me', name: 'me', component: () => import('./MePage.vue') },
  { path: '/:code([0-9A-Za-z]{4,18})/x/:plugin/:path(.*)*', component: () => import('./PluginPage.vue'), props: true },
  { path: '/:rest(.*)*', component: WNotFound, props: { home: '/' } },
]
