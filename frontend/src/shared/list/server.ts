// What a page asks of a list, as the call wants it. The address may hold anything; the server refuses what it does not know.
import type { ListQuery } from './list-state'

/** The type of a call's query is narrower than what an address can hold; it is checked where it arrives. */
export function asked(query: ListQuery): never {
  return query as never
}
