// Where there is no room for two columns, a detail stands below its list: what was picked comes into sight.

export function reveal(detail: HTMLElement | null): void {
  const list = detail?.previousElementSibling
  if (detail && list && detail.getBoundingClientRect().top >= list.getBoundingClientRect().bottom) detail.scrollIntoView({ block: 'start' })
}
