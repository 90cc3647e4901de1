// What search answers, and how it is asked: hits page by page, completions, places of the whole directory.
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import { api, bodyOf, type Schemas } from '@/shared/api/client'
import { currentLocale } from '@/shared/i18n/i18n'
import { useSettled } from '@/shared/place/find'
import { askedOf, type Question } from './question'

export type FoundPlace = Schemas['FoundTenantOut']
export type Hit = Schemas['HitOut']
export type Completion = Schemas['SuggestionOut']
export type Facet = Schemas['FacetOut']
export type FacetValue = Schemas['FacetValueOut']
export type Found = Schemas['FoundOut']

export const pageSize = 20
const limit = 8

/** `tenant`: where the reader acts. Nothing is asked while there is no question. */
export function useSearch(tenant: Ref<string>, question: Ref<Question>) {
  return useInfiniteQuery({
    // Labels come in the reader's language.
    queryKey: computed(() => ['search', tenant.value, question.value, currentLocale()]),
    queryFn: async ({ pageParam, signal }) => {
      const query = { ...askedOf(question.value), tenant: tenant.value, limit: pageSize, ...(pageParam !== null && { cursor: pageParam }) }
      return bodyOf(await api.GET('/api/v1/search', { params: { query }, signal }))
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    enabled: computed(() => question.value.q !== ''),
    placeholderData: keepPreviousData,
  })
}

/** A moment after the last key, and only for what is typed: an address that holds a question asks for no completion. */
export function useCompletions(tenant: Ref<string | null>, text: Ref<string>) {
  const settled = useSettled(text)
  const q = computed(() => settled.value.trim())
  const query = useQuery({
    queryKey: computed(() => ['search', 'suggest', tenant.value, q.value, currentLocale()]),
    queryFn: async ({ signal }) => {
      const query = { q: q.value, tenant: tenant.value ?? '' }
      return bodyOf(await api.GET('/api/v1/suggest', { params: { query }, signal })).items.slice(0, limit)
    },
    enabled: computed(() => tenant.value !== null && q.value !== ''),
    placeholderData: keepPreviousData,
    // A list of completions that does not come is missed by nobody: the search itself says what is wrong.
    retry: false,
  })
  return computed(() => (text.value.trim() === '' ? [] : (query.data.value ?? [])))
}

/** Places of the whole directory by name, reading, initials or code. */
export function usePlacesFound(text: Ref<string>) {
  const settled = useSettled(text)
  const q = computed(() => settled.value.trim())
  return useQuery({
    queryKey: computed(() => ['search', 'places', q.value]),
    queryFn: async ({ signal }) => bodyOf(await api.GET('/api/v1/places', { params: { query: { q: q.value } }, signal })).items,
    enabled: computed(() => q.value !== ''),
    placeholderData: keepPreviousData,
  })
}
