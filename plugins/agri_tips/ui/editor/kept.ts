// What was typed and not yet saved, kept in this tab: a reload or a session that ended loses nothing.
import { type Typed } from './content'

export interface Kept {
  /** Version of the tip that it was typed over; 0 for one that was not begun yet. */
  version: number
  typed: Typed
}

const keyOf = (code: string, id: string | null): string => `wuji.agri_tips.draft.${code}.${id ?? 'new'}`

function isKept(found: unknown): found is Kept {
  return typeof found === 'object' && found !== null && 'version' in found && 'typed' in found && typeof found.typed === 'object'
}

/** A browser that refuses storage forgets, and goes on. */
export function readKept(code: string, id: string | null): Kept | null {
  try {
    const found: unknown = JSON.parse(sessionStorage.getItem(keyOf(code, id)) ?? 'null')
    return isKept(found) ? found : null
  } catch {
    return null
  }
}

export function keep(code: string, id: string | null, kept: Kept | null): void {
  try {
    if (kept === null) sessionStorage.removeItem(keyOf(code, id))
    else sessionStorage.setItem(keyOf(code, id), JSON.stringify(kept))
  } catch {
    // Full or refused: the page still holds all of it, and "save" still saves.
  }
}
