import type { RouteLocationRaw } from 'vue-router'
import type { IconName } from '../icon/icons'

export interface MenuItem {
  key: string
  label: string
  icon?: IconName
  /** Leads somewhere instead of emitting `pick`. */
  to?: RouteLocationRaw
  danger?: boolean
  disabled?: boolean
}
