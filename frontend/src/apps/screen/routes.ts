import type { RouteRecordRaw } from 'vue-router'
import WNotFound from '@/kit/not-found/WNotFound.vue'
import ScreenPage from './ScreenPage.vue'

export const routes: RouteRecordRaw[] = [
  { name: 'screen', path: '/screen/:code(\\d{4,15}|[0-9A-Z]{18})', component: ScreenPage, props: true },
  { path: '/:rest(.*)*', component: WNotFound, props: { home: '/console' } },
]
