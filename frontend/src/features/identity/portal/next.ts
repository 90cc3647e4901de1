// Where a login leads: an address of this site that the reader came from, never another site's.
export function nextOf(asked: unknown): string {
  return typeof asked === 'string' && /^\/(?![/\\])/.test(asked) && asked !== '/login' ? asked : '/console'
}
