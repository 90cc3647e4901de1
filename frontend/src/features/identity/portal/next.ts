// Where a login leads: an address of this site that the reader came from, never another site's; else where they start.
export function nextOf(asked: unknown, start: string): string {
  return typeof asked === 'string' && /^\/(?![/\\])/.test(asked) && asked !== '/login' ? asked : start
}
