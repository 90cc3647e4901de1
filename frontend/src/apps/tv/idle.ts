// A TV that nobody touches goes back to its first page; once a day it also fetches what has been released meanwhile.
import { onScopeDispose } from 'vue'

const patience = 5 * 60_000
const day = 24 * 3_600_000

const isPlaying = (): boolean =>
  [...document.querySelectorAll<HTMLMediaElement>('video, audio')].some((medium) => !medium.paused) || ('speechSynthesis' in globalThis && speechSynthesis.speaking)

export function useIdle(rest: () => void): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const wait = (): void => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      wait()
      if (isPlaying()) return
      rest()
      if (performance.now() > day && navigator.onLine) location.reload()
    }, patience)
  }
  addEventListener('keydown', wait)
  addEventListener('pointerdown', wait)
  wait()
  onScopeDispose(() => {
    clearTimeout(timer)
    removeEventListener('keydown', wait)
    removeEventListener('pointerdown', wait)
  })
}
