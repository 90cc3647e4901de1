// What the portal's shell shows around every page.
import type { RouteLocationRaw } from 'vue-router'
import type { IconName } from '@/kit/icon/icons'

export interface Section {
  key: string
  label: string
  to: RouteLocationRaw
}

/** A place of the bottom bar; there is room for four. */
export interface BottomTab extends Section {
  icon: IconName
}
