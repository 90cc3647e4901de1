// Which entry of a navigation stands for the page that is open: the one whose route it is, else the nearest one above it.
import type { RouteLocationNormalizedLoaded, RouteLocationRaw } from 'vue-router'

interface Entry {
  /** Name of its route, for a page of the house. */
  key: string
  to: RouteLocationRaw
}

/** Its key. A page with a place of its own in the address is still that page: x/tips/months/3 belongs to x/tips. */
export function currentOf(entries: readonly Entry[], { matched, path }: Pick<RouteLocationNormalizedLoaded, 'matched' | 'path'>): string | undefined {
  const names = matched.map(({ name }) => name).reverse()
  const own = names.find((name) => entries.some(({ key }) => key === name))
  if (own !== undefined) return String(own)
  const above = entries.flatMap(({ key, to }) => (typeof to === 'string' && `${path}/`.startsWith(`${to}/`) ? [{ key, length: to.length }] : []))
  return above.sort((one, other) => other.length - one.length)[0]?.key
}
