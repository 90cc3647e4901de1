// The menu of the person at the keyboard, the same in every console.
import { useQueryClient } from '@tanstack/vue-query'
import { computed, type ComputedRef } from 'vue'
import { useI18n } from '@/shared/i18n/i18n'
import type { MenuItem } from '@/kit/menu/menu'
import { useToasts } from '@/kit/toast/toasts'
import { Problem } from '@/shared/api/problem'
import { useElder } from '@/shared/elder/elder'
import { currentLocale, setLocale } from '@/shared/i18n/i18n'
import { logOut } from '../leaving'

export function useLogOut(): () => Promise<void> {
  const { t } = useI18n()
  const toasts = useToasts()
  return async () => {
    try {
      await logOut()
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      toasts.show(t('console.mine.still_here'))
    }
  }
}

/** `base`: the path of the console that the person's own pages stand in. */
export function usePersonMenu(base: ComputedRef<string>) {
  const { t } = useI18n()
  const queries = useQueryClient()
  const elder = useElder()
  const leave = useLogOut()
  const items = computed<MenuItem[]>(() => [
    { key: 'account', label: t('console.mine.account'), icon: 'user-round', to: `${base.value}/me` },
    { key: 'sessions', label: t('console.mine.sessions'), icon: 'shield-check', to: `${base.value}/me/sessions` },
    { key: 'jobs', label: t('console.jobs.title'), icon: 'download', to: `${base.value}/me/jobs` },
    { key: 'language', label: t('console.language'), icon: 'languages' },
    { key: 'elder', label: t(elder.size.value === null ? 'console.elder' : 'console.ordinary'), icon: 'a-large-small' },
    { key: 'leave', label: t('console.mine.leave'), icon: 'log-out' },
  ])

  async function switchLanguage(): Promise<void> {
    await setLocale(currentLocale() === 'en' ? 'zh-CN' : 'en')
    await queries.invalidateQueries()
  }

  const acts: Partial<Record<string, () => void>> = { elder: elder.toggle, language: () => void switchLanguage(), leave: () => void leave() }
  return { items, pick: (key: string) => acts[key]?.() }
}
