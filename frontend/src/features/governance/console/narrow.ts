// Whether there is room for columns side by side: not on a phone, and not in large type.
import { computed, onUnmounted, ref } from 'vue'
import { useElder } from '@/shared/elder/elder'

export function useNarrow() {
  const query = globalThis.matchMedia('(max-width: 48rem)')
  const isSmall = ref(query.matches)
  const look = (): void => {
    isSmall.value = query.matches
  }
  query.addEventListener('change', look)
  onUnmounted(() => query.removeEventListener('change', look))
  const { size } = useElder()
  return computed(() => isSmall.value || size.value !== null)
}
