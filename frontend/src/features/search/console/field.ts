// The search field in the head of a tenant's console.
import { computed, ref, watch, type ComputedRef } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import type { Suggestion } from '@/kit/suggest/suggestions'
import { useCompletions } from '@/shared/search/answers'
import { questionOf } from '@/shared/search/question'
import { suggestionsOf } from '../suggestions'
import { useConsoleLinks } from './links'

export function useSearchField(code: ComputedRef<string>) {
  const route = useRoute()
  const router = useRouter()
  const linkOf = useConsoleLinks(code)
  const text = ref('')
  const found = useCompletions(code, text)
  // On the page of results the field says what was asked, and is empty everywhere else.
  watch(() => (route.name === 'search' ? questionOf(route.query).q : ''), (q) => (text.value = q), { immediate: true })

  function search(q: string): void {
    if (q !== '') void router.push({ name: 'search', params: { tenant: code.value }, query: { q } })
  }
  function pick({ value }: Suggestion): void {
    const one = found.value.find(({ url }) => url === value)
    if (!one) return
    const { to, href } = linkOf(one)
    text.value = ''
    if (to === undefined) globalThis.location.assign(href)
    else void router.push(to)
  }
  return { text, suggestions: computed(() => suggestionsOf(found.value)), search, pick }
}
