// What may be done with a tenant, as its state and the reader's rights allow.
import { computed, type ComputedRef } from 'vue'
import { useI18n } from '@/shared/i18n/i18n'
import type { MenuItem } from '@/kit/menu/menu'
import type { May } from '@/shared/place/acting'
import { nextStates, type Managed, type State } from './tenants'

export const changeNames = ['rename', 'recode', 'active', 'suspended', 'archived'] as const
export type ChangeName = (typeof changeNames)[number]

const icons = { active: 'play', suspended: 'pause', archived: 'archive' } as const
const grid = 5

export function useChangeMenu(tenant: ComputedRef<Pick<Managed, 'state' | 'level'> | undefined>, may: May) {
  const { t } = useI18n()
  const toState = (state: State): MenuItem => ({ key: state, label: t(`console.tree.change.${state}.menu`), icon: icons[state], danger: state === 'suspended' })
  return {
    items: computed<MenuItem[]>(() => {
      const found = tenant.value
      if (!found) return []
      return [
        ...(may('tenancy.tenant.add') && found.level < grid && found.state === 'active' ? [{ key: 'add', label: t('console.tree.add_below'), icon: 'plus' as const }] : []),
        ...(may('tenancy.tenant.rename') ? [{ key: 'rename', label: t('console.tree.change.rename.menu'), icon: 'pencil' as const }] : []),
        ...(may('tenancy.tenant.recode') ? [{ key: 'recode', label: t('console.tree.change.recode.menu'), icon: 'arrow-left-right' as const }] : []),
        ...(may('tenancy.tenant.suspend') ? nextStates[found.state].map(toState) : []),
      ]
    }),
    nameOf: (key: string): ChangeName | null => changeNames.find((name) => name === key) ?? null,
  }
}
