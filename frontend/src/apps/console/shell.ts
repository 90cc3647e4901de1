// What the console's shell shows around every page.
import type { RouteLocationRaw } from 'vue-router'
import type { IconName } from '@/kit/icon/icons'

export interface NavItem {
  key: string
  label: string
  icon: IconName
  to: RouteLocationRaw
  count?: number
  /** What is counted has a deadline. */
  due?: boolean
}

export interface NavSection {
  key: string
  /** Tasks come first and need no heading. */
  label?: string
  items: readonly NavItem[]
}

export interface Person {
  name: string
  role?: string
}
