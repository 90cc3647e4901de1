// How a feature joins an app: `src/features/<name>/console.ts` or `portal.ts` exports this by default.
import type { RouteRecordRaw } from 'vue-router'
import type { IconName } from '@/kit/icon/icons'

export const navGroups = ['task', 'organisation', 'modules', 'administration'] as const
export type NavGroup = (typeof navGroups)[number]

export interface NavEntry {
  group: NavGroup
  /** Place within the group; entries keep this order. */
  order: number
  /** Key of its text. */
  label: string
  icon: IconName
  /** Name of its route. */
  route: string
  /** Shown only to those who hold this permission at the acting tenant. */
  permission?: string
}

/** Pages and their places in the navigation of one console. */
export interface ConsolePart {
  routes: RouteRecordRaw[]
  nav: NavEntry[]
}

export interface ConsoleFeature extends ConsolePart {
  /** Below /console/, for those who run the deployment. */
  operator?: ConsolePart
  /** A person's own pages, in every console: below /console/me/ and /console/<tenant code>/me/. */
  own?: () => RouteRecordRaw[]
}

export interface PortalEntry {
  /** sections: beside the place on wide screens; tabs: the bottom bar, which has room for four. */
  where: 'sections' | 'tabs'
  order: number
  label: string
  icon: IconName
  route: string
}

export interface PortalFeature {
  routes: RouteRecordRaw[]
  nav: PortalEntry[]
}
