import type { RouteRecordRaw } from 'vue-router'
import WNotFound from '@/kit/not-found/WNotFound.vue'
import { features } from './features'

export const routes: RouteRecordRaw[] = [
  ...features.flatMap((feature) => feature.routes),
  { path: '/:rest(.*)*', component: WNotFound, props: { home: '/' } },
]
