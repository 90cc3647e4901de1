// What may be done with a grant and its holder, from the row that shows it.
import { ref } from 'vue'
import { useI18n } from '@/shared/i18n/i18n'
import type { MenuItem } from '@/kit/menu/menu'
import type { May } from '@/shared/place/acting'
import type { Grant } from './people'

export type ActName = 'take' | 'link' | 'recover' | 'state'
export interface Act {
  name: ActName
  grant: Grant
}

const isAct = (key: string): key is ActName => key === 'take' || key === 'link' || key === 'recover' || key === 'state'

export function useGrantMenu(may: May) {
  const { t } = useI18n()
  const act = ref<Act | null>(null)
  function itemsOf(grant: Grant): MenuItem[] {
    return [
      ...(may('identity.account.reset') ? [{ key: 'link', label: t('console.people.link.menu'), icon: 'link' as const }, { key: 'recover', label: t('console.recovery.menu'), icon: 'key-round' as const }] : []),
      ...(may('identity.account.suspend') ? [{ key: 'state', label: t('console.people.state.menu'), icon: 'pause' as const }] : []),
      ...(may('identity.grant.give') && grant.state === 'live' ? [{ key: 'take', label: t('console.people.take.menu'), icon: 'minus' as const, danger: true }] : []),
    ]
  }
  return {
    act,
    itemsOf,
    pick: (grant: Grant, key: string) => {
      if (isAct(key)) act.value = { name: key, grant }
    },
  }
}
