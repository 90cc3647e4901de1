// What this browser remembers. A browser that refuses storage (private windows, some built-in ones) forgets, and goes on.

export function remembered(key: string): string | null {
  try {
    return localStorage.getItem(`wuji.${key}`)
  } catch {
    return null
  }
}

/** Remembers a value, or forgets it when it is null; tells whether the browser did. */
export function remember(key: string, value: string | null): boolean {
  try {
    if (value === null) localStorage.removeItem(`wuji.${key}`)
    else localStorage.setItem(`wuji.${key}`, value)
    return true
  } catch {
    return false
  }
}
