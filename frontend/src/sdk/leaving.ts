// Leaving a page with something unsaved on it: asked once, wherever the way leads.
import { computed, onScopeDispose, ref } from 'vue'
import { useRouter } from 'vue-router'

/** `isAsked` is true while somebody who wanted away has not said whether what they typed may be lost. */
export function useLeaving(isDirty: () => boolean) {
  const router = useRouter()
  const target = ref<string | null>(null)
  let isSure = false
  const drop = router.beforeEach((to, from) => {
    if (isSure || !isDirty() || to.path === from.path) return true
    target.value = to.fullPath
    return false
  })
  /** The browser asks in its own words before a tab is closed. */
  const warn = (event: BeforeUnloadEvent): void => {
    if (isDirty() && !isSure) event.preventDefault()
  }
  addEventListener('beforeunload', warn)
  onScopeDispose(() => {
    drop()
    removeEventListener('beforeunload', warn)
  })
  return {
    isAsked: computed(() => target.value !== null),
    stay: () => {
      target.value = null
    },
    leave: async () => {
      isSure = true
      await router.push(target.value ?? '/')
    },
  }
}
