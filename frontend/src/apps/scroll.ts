// Where a page stands after its address has changed.
import type { RouterScrollBehavior } from 'vue-router'

type Address = Pick<Parameters<RouterScrollBehavior>[0], 'path' | 'query' | 'matched' | 'meta'>

/** A page that shows something else of itself, or a detail beside its list, scrolls by itself; all else begins at the top. */
function isStill(to: Address, from: Address): boolean {
  const isPage = to.path === from.path && to.query['cursor'] === from.query['cursor']
  return isPage || (to.meta.layout !== undefined && to.matched.at(-1) === from.matched.at(-1))
}

export function scrollBehavior(to: Address, from: Address, saved: { top: number; left: number } | null): ReturnType<RouterScrollBehavior> {
  return saved ?? (isStill(to, from) ? false : { top: 0 })
}
