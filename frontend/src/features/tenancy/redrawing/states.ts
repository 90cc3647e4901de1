// What is left of the way back from a change.
export type Left = 'open' | 'over' | 'undone'

export function stateOf({ state, expires_at }: { state: string; expires_at: string }, now = Date.now()): Left {
  if (state === 'undone') return 'undone'
  return state === 'applied' && new Date(expires_at).getTime() > now ? 'open' : 'over'
}
