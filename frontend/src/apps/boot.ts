// What every app starts with: texts, server state, router.
import { VueQueryPlugin } from '@tanstack/vue-query'
import { computed, createApp, type Component } from 'vue'
import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import { toLogin } from './leaving'
import { scrollBehavior } from './scroll'
import { useToasts } from '@/kit/toast/toasts'
import { createQueryClient } from '@/shared/api/query'
import { putTexts, restoreLocale, t, type AppTexts } from '@/shared/i18n/i18n'
import { usePlace } from '@/shared/place/place'
import { followTheme } from '@/shared/theme/theme'

/** `onSignedOut`: what happens when an answer says that the session has ended. */
export async function boot(shell: Component, routes: RouteRecordRaw[], texts: AppTexts, onSignedOut = (): void => toLogin()): Promise<void> {
  putTexts(texts)
  const router = createRouter({
    history: createWebHistory('/'),
    routes,
    scrollBehavior,
  })
  router.onError((_error, to, from) => {
    // A page that did not come: without a network, or another release runs now and its parts have other names.
    if (from.matched.length === 0) return
    if (navigator.onLine) globalThis.location.assign(to.fullPath)
    else useToasts().show(t('kit.error.page'))
  })
  const app = createApp(shell)
  app.use(router).use(VueQueryPlugin, { queryClient: createQueryClient(onSignedOut) })
  const { current } = usePlace()
  followTheme(computed(() => current.value?.place.code))
  await Promise.all([restoreLocale(), router.isReady()])
  app.mount('#app')
}
