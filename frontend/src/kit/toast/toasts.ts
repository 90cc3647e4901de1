// Results of actions: shown for six seconds, longer while somebody points at them or reads them with the keyboard.
import { readonly, shallowRef } from 'vue'

export interface Toast {
  id: number
  text: string
  undo?: () => void
}

const seconds = 6
const shown = shallowRef<readonly Toast[]>([])
const timers = new Map<number, ReturnType<typeof setTimeout>>()
let last = 0

function close(id: number): void {
  clearTimeout(timers.get(id))
  timers.delete(id)
  shown.value = shown.value.filter((toast) => toast.id !== id)
}

function resume(id: number): void {
  clearTimeout(timers.get(id))
  timers.set(id, setTimeout(close, seconds * 1000, id))
}

function pause(id: number): void {
  clearTimeout(timers.get(id))
}

/** Says what was done; with `undo`, offers to take it back. */
function show(text: string, undo?: () => void): void {
  last += 1
  shown.value = [...shown.value, { id: last, text, ...(undo && { undo }) }]
  resume(last)
}

export function useToasts() {
  return { shown: readonly(shown), show, close, pause, resume }
}
