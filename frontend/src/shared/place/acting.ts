// What a console page acts for, handed down by the shell: a tenant, or the deployment. Several tabs may act for several.
import { inject, provide, type ComputedRef, type InjectionKey } from 'vue'
import type { Surroundings } from './place'

/** Whether the reader holds a permission here; the server asks again. */
export type May = (permission: string) => boolean

export interface Acting {
  code: ComputedRef<string>
  surroundings: ComputedRef<Surroundings>
  /** Nothing stands above it. */
  isRoot: ComputedRef<boolean>
  permissions: ComputedRef<ReadonlySet<string>>
  may: May
}

const tenant: InjectionKey<Acting> = Symbol('acting tenant')
const rights: InjectionKey<May> = Symbol('what may be done here')

export function provideActing(acting: Acting): void {
  provide(tenant, acting)
  provide(rights, acting.may)
}

export function provideDeployment(may: May): void {
  provide(rights, may)
}

export function useActing(): Acting {
  const acting = inject(tenant)
  if (!acting) throw new Error('this page stands outside the console of a tenant')
  return acting
}

export function useMay(): May {
  const may = inject(rights)
  if (!may) throw new Error('this page stands outside every console')
  return may
}
