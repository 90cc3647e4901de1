// Server state: what is fetched again, when, and what is tried twice.
import { MutationCache, QueryCache, QueryClient } from '@tanstack/vue-query'
import { Problem } from './problem'

const mayHelp = (error: unknown): boolean => error instanceof Problem && (error.isUnreachable || error.status >= 502)

/** `onSignedOut` is called when an answer says that the session has ended. */
export function createQueryClient(onSignedOut: () => void): QueryClient {
  const onError = (error: unknown): void => {
    if (error instanceof Problem && error.isSignedOut) onSignedOut()
  }
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: { staleTime: 30_000, retry: (failed, error) => failed < 2 && mayHelp(error) },
      mutations: { retry: false },
    },
  })
}

declare module '@tanstack/vue-query' {
  interface Register {
    defaultError: Problem
  }
}
