// The colours of the place a page is about: one style sheet, exchanged when the reader goes to another tree.
import { watch, type Ref } from 'vue'

const id = 'theme'

/** Follows a tenant's code; without one the usual colours stand. The server may have put the same sheet there already. */
export function followTheme(code: Readonly<Ref<string | undefined>>): void {
  watch(
    code,
    (now) => {
      const present = document.getElementById(id)
      const href = now ? `/${now}/theme.css` : undefined
      if (present?.getAttribute('href') === href) return
      present?.remove()
      if (!href) return
      const sheet = document.createElement('link')
      Object.assign(sheet, { id, rel: 'stylesheet', href })
      document.head.append(sheet)
    },
    { immediate: true },
  )
}
