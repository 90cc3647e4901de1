// What every app starts with: texts, server state, router.
import { VueQueryPlugin } from '@tanstack/vue-query'
import { createApp, type Component } from 'vue'
import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import { createQueryClient } from '@/shared/api/query'
import { i18n, restoreLocale } from '@/shared/i18n/i18n'

/** After login the reader is back where the session ended. */
export function toLogin(): void {
  const { pathname, search } = globalThis.location
  if (pathname !== '/login') globalThis.location.assign(`/login?next=${encodeURIComponent(pathname + search)}`)
}

/** `onSignedOut`: what happens when an answer says that the session has ended. */
export async function boot(shell: Component, routes: RouteRecordRaw[], onSignedOut = toLogin): Promise<void> {
  const router = createRouter({
    history: createWebHistory('/'),
    routes,
    scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
  })
  const app = createApp(shell)
  app.use(i18n).use(router).use(VueQueryPlugin, { queryClient: createQueryClient(onSignedOut) })
  await Promise.all([restoreLocale(), router.isReady()])
  app.mount('#app')
}
