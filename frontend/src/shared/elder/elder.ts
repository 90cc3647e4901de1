// 长辈版: the same pages in large type. The page's head sets it before the first paint; this changes it.
import { readonly, ref } from 'vue'
import { remember, remembered } from '@/shared/storage/storage'

/** Root font sizes in px that a person may ask for; 22 is the usual one. */
export const elderSizes = ['20', '22', '24', '30'] as const
export type ElderSize = (typeof elderSizes)[number]

const size = ref<ElderSize | null>(elderSizes.find((known) => known === remembered('elder')) ?? null)

export function setElder(wanted: ElderSize | null): void {
  size.value = wanted
  remember('elder', wanted)
  if (wanted === null) delete document.documentElement.dataset['elder']
  else document.documentElement.dataset['elder'] = wanted
}

export function useElder() {
  return {
    size: readonly(size),
    toggle: () => {
      setElder(size.value === null ? '22' : null)
    },
    set: setElder,
  }
}
