// On narrow screens a detail stands below its list: what was picked comes into sight.

const narrow = '(max-width: 62rem)'

export function reveal(detail: HTMLElement | null): void {
  if (detail && globalThis.matchMedia(narrow).matches) detail.scrollIntoView({ block: 'start' })
}
