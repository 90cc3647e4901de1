// The states of tips as tabs: what waits for whoever reviews comes first.
import { type Total } from '@wuji/sdk'
import { type State } from '../tips'

export type Tab = State | 'to_review'
/** An address of the list. */
export interface Way {
  path: string
  query: Record<string, string>
}
export type Counts = Partial<Record<Tab, Total>>

const all = ['to_review', 'in_review', 'published', 'returned', 'draft', 'withdrawn'] as const

/** Reviewers: what waits for them, and beside it what waits for others if there is any. Writers: what is in review. */
export function tabsOf(counts: Counts, mayReview: boolean): Tab[] {
  const waitsElsewhere = (counts.in_review?.value ?? 0) > (counts.to_review?.value ?? 0)
  return all.filter((tab) => {
    if (tab === 'to_review') return mayReview
    return tab !== 'in_review' || !mayReview || waitsElsewhere
  })
}

export function tabOf(inAddress: unknown, mayReview: boolean): Tab {
  return all.find((tab) => tab === inAddress) ?? (mayReview ? 'to_review' : 'draft')
}

/** What the list is asked. What waits comes in the order in which it began to wait. */
export function queryOf(tab: Tab): Record<string, string> {
  if (tab === 'to_review') return { to_review: 'yes', sort: 'waiting_since' }
  return tab === 'in_review' ? { state: tab, sort: 'waiting_since' } : { state: tab }
}
