// How a feature joins an app: `src/features/<name>/console.ts` or `portal.ts` exports this by default.
import type { Component } from 'vue'
import type { RouteRecordRaw } from 'vue-router'
import type { IconName } from '@/kit/icon/icons'
import type { Level } from '@/shared/place/place'

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
  /** Not offered below this level: there it could never have anything to show. */
  deepest?: Level
}

/** Pages and their places in the navigation of one console. */
export interface ConsolePart {
  routes: RouteRecordRaw[]
  nav: NavEntry[]
}

export interface ConsoleFeature extends ConsolePart {
  /** Below /console/, for those who run the deployment. */
  operator?: ConsolePart
  /** Cards above a tenant's first page; one that has nothing to show renders nothing. */
  today?: Component[]
  /** Parts below what waits on that page. */
  below?: Component[]
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
  /** Only where a place is known, which its route then takes as `code`; or only where none is. */
  at?: 'place' | 'nowhere'
}

/** A card of "my page": what a person has, chose or may change, next to account, places and logins. */
export interface MePanel {
  /** Place on the page; panels keep this order. Identity's own take 10 to 50. */
  order: number
  /** Key of the card's heading. */
  title: string
  /** What stands below the heading, loaded when the page is opened by somebody who is logged in. */
  load: () => Promise<{ default: Component }>
}

export interface PortalFeature {
  routes: RouteRecordRaw[]
  nav: PortalEntry[]
  mePanels?: MePanel[]
}
