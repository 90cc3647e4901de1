import type { Schemas } from '@/shared/api/client'
import type { Page } from '@/shared/list/list'
import { useListState, type ListQuery } from '@/shared/list/list-state'

export type Row = Schemas['JournalRecordsItem']
export type Filter = 'verb' | 'kind' | 'since' | 'until'
export type Load = (query: ListQuery, signal: AbortSignal) => Promise<Page<Row>>

export const useJournalState = () => useListState({ filters: ['verb', 'kind', 'since', 'until'] as const, sort: '-at', limit: 20 })
