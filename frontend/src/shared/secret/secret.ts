// A secret that stands behind the # of an address, where browsers keep it from servers and their logs. It is taken out of
// the address, so that nobody reads it over a shoulder or in the history, and kept for this tab: a reload, and the way
// over the login, come back to it.
import { ref, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'

const nameOf = (page: string): string => `wuji.secret.${page}`

function kept(page: string): string {
  try {
    return sessionStorage.getItem(nameOf(page)) ?? ''
  } catch {
    return ''
  }
}

/** False where the browser refuses to keep anything: then the address goes on holding it. */
function keep(page: string, secret: string): boolean {
  try {
    sessionStorage.setItem(nameOf(page), secret)
    return true
  } catch {
    return false
  }
}

export function useSecret(page: string) {
  const route = useRoute()
  const router = useRouter()
  const secret = ref('')
  watch(
    () => route.hash,
    (hash) => {
      if (hash.length < 2) {
        secret.value = secret.value || kept(page)
        return
      }
      secret.value = hash.slice(1)
      if (keep(page, secret.value)) void router.replace({ query: route.query, hash: '' })
    },
    { immediate: true },
  )
  const forget = (): void => {
    keep(page, '')
  }
  return { secret, forget }
}
