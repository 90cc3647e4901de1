// A session that ends while somebody works: the page asks for the login where it stands, so nothing typed is lost.
import { readonly, ref } from 'vue'

const isAsked = ref(false)
let watchers = 0

/** Opens the login on this page; false where no part of the page can show one. */
export function askLoginHere(): boolean {
  if (watchers > 0) isAsked.value = true
  return watchers > 0
}

/** For the part that shows the login: it says when it stands on the page and when it leaves. */
export function useLoginHere() {
  return {
    isAsked: readonly(isAsked),
    enter: () => {
      watchers += 1
    },
    leave: () => {
      watchers -= 1
      isAsked.value = false
    },
    close: () => {
      isAsked.value = false
    },
  }
}
