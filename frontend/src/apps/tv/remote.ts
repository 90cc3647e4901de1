// A remote control: four arrows, OK and back. Something always has the focus; where it was is found again on the way back.
import { onMounted, onUnmounted, watch, type Ref } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { closeLast } from '@/shared/tv/back'
import { nearest, type Direction } from './space'

const arrows: Partial<Record<string, Direction>> = { ArrowUp: 'up', ArrowDown: 'down', ArrowLeft: 'left', ArrowRight: 'right' }
/** As keyboards and the browsers of TVs call it. */
const backs = new Set(['Escape', 'Backspace', 'BrowserBack', 'GoBack', 'XF86Back'])
const pressable = 'a[href], button:not([disabled]), [tabindex="0"]'
/** Of a long text's height, how much one press goes on. */
const stride = 0.8

const keyOf = (element: Element): string => element.getAttribute('href') ?? element.textContent.trim()
const isSeen = (element: HTMLElement): boolean => element.getClientRects().length > 0

/** A text that is longer than its box is read on before the focus leaves it. */
function readOn(element: Element | null, to: Direction): boolean {
  if (!(element instanceof HTMLElement) || element.dataset['scroll'] === undefined || to === 'left' || to === 'right') return false
  const room = to === 'down' ? element.scrollHeight - element.clientHeight - element.scrollTop : element.scrollTop
  if (room < 1) return false
  element.scrollBy({ top: (to === 'down' ? 1 : -1) * element.clientHeight * stride })
  return true
}

class Remote {
  readonly #root: () => HTMLElement | null
  /** Where the focus was on pages that were left. */
  readonly #before = new Map<string, string>()
  #wanted: string | undefined
  #isTouched = false

  constructor(root: () => HTMLElement | null) {
    this.#root = root
  }

  #all(within?: string): HTMLElement[] {
    const root = this.#root()
    const scope = root?.querySelector('[role="dialog"]') ?? (within === undefined ? root : root?.querySelector(within))
    return [...(scope?.querySelectorAll<HTMLElement>(pressable) ?? [])].filter(isSeen)
  }

  #focused(): HTMLElement | null {
    const here = document.activeElement
    return here instanceof HTMLElement && this.#all().includes(here) ? here : null
  }

  /** Until somebody presses a key, what matters most on a page may still arrive; later only a focus that was lost is put somewhere. */
  settle = (): void => {
    const here = this.#focused()
    if (here && this.#isTouched) return
    const main = this.#all('main')
    const wanted = main.find((one) => keyOf(one) === this.#wanted) ?? main.find((one) => one.dataset['first'] !== undefined) ?? main[0] ?? this.#all()[0]
    if (wanted && wanted !== here) wanted.focus()
  }

  turn(from: string, to: string): void {
    const here = this.#focused()
    if (here) this.#before.set(from, keyOf(here))
    this.#wanted = this.#before.get(to)
    this.#isTouched = false
  }

  move(to: Direction): void {
    const here = this.#focused()
    this.#isTouched = here !== null
    if (!here) this.settle()
    else if (!readOn(here, to)) {
      const others = this.#all().filter((one) => one !== here)
      const next = others[nearest(here.getBoundingClientRect(), to, others.map((one) => one.getBoundingClientRect()))]
      next?.focus()
    }
  }
}

/** `home`: the address that "back" leads to in the end. */
export function useRemote(root: Readonly<Ref<HTMLElement | null>>, home: Readonly<Ref<string>>): { back: () => void } {
  const route = useRoute()
  const router = useRouter()
  const remote = new Remote(() => root.value)
  const observer = new MutationObserver(remote.settle)
  const back = (): void => {
    if (closeLast() || route.path === home.value) return
    if (globalThis.history.state && (globalThis.history.state as { back?: unknown }).back) router.back()
    else void router.replace(home.value)
  }
  const press = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return
    const to = arrows[event.key]
    if (to) remote.move(to)
    else if (backs.has(event.key)) back()
    else return
    event.preventDefault()
  }
  watch(() => route.path, (to, from) => remote.turn(from, to), { flush: 'sync' })
  onMounted(() => {
    addEventListener('keydown', press)
    if (root.value) observer.observe(root.value, { childList: true, subtree: true })
    remote.settle()
  })
  onUnmounted(() => {
    removeEventListener('keydown', press)
    observer.disconnect()
  })
  return { back }
}
