import type { RouteRecordRaw } from 'vue-router'
import WNotFound from '@/kit/not-found/WNotFound.vue'
import { lastPlace } from '@/features/tenancy/portal/last-place'
import HomeView from './HomeView.vue'

const code = ':code(\\d{4,15}|[0-9A-Z]{18})'

export const routes: RouteRecordRaw[] = [
  // A TV that was switched off and on again opens where it was.
  { path: '/tv', redirect: () => (lastPlace() ? `/tv/${lastPlace()?.code ?? ''}` : '/tv/places') },
  { name: 'tv-choose', path: '/tv/places', component: () => import('./PlacesView.vue') },
  { name: 'tv', path: `/tv/${code}`, component: HomeView, props: true },
  { name: 'tv-notice', path: `/tv/${code}/notice`, component: () => import('./NoticeView.vue'), props: true },
  { name: 'tv-places', path: `/tv/${code}/places`, component: () => import('./PlacesView.vue'), props: true },
  { path: `/tv/${code}/x/:plugin/:path(.*)*`, component: () => import('./PluginView.vue'), props: true },
  { path: '/:rest(.*)*', component: WNotFound, props: { home: '/tv/places' } },
]
