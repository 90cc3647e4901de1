// Server state: what is fetched again, when, and what is tried twice.
import { MutationCache, QueryCache, QueryClient } from '@tanstack/vue-query'
import { Problem } from './problem'

const mayHelp = (error: unknown): boolean => error instanceof Problem && (error.isUnreachable || error.status >= 502)

/** What names the reader and their rights among all that is fetched. */
export const sessionKey = ['me'] as const

/** `onSignedOut` is called when an answer says that the session has ended. A refusal may mean that a role has: it is read anew. */
export function createQueryClient(onSignedOut: () => void): QueryClient {
  const onError = (error: unknown): void => {
    if (!(error instanceof Problem)) return
    if (error.isSignedOut) onSignedOut()
    if (error.isNotFound || error.status === 403) void client.invalidateQueries({ queryKey: sessionKey, exact: true })
  }
  const client = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      // Without a network a call fails and says so; what waited for one would be sent when nobody looks any more.
      queries: { networkMode: 'always', staleTime: 30_000, retry: (failed, error) => failed < 2 && mayHelp(error) },
      mutations: { networkMode: 'always', retry: false },
    },
  })
  return client
}

declare module '@tanstack/vue-query' {
  interface Register {
    defaultError: Problem
  }
}
