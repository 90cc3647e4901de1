// What "back" on the remote closes first: the last thing that was opened and has not gone yet.
import { onBeforeUnmount, onMounted } from 'vue'

type Step = () => void
const open: Step[] = []

/** While this component stands, "back" does `step` instead of leaving the page. */
export function useBack(step: Step): void {
  onMounted(() => open.push(step))
  onBeforeUnmount(() => open.splice(open.lastIndexOf(step), 1))
}

/** Whether something was there to be closed. */
export function closeLast(): boolean {
  const step = open[open.length - 1]
  step?.()
  return step !== undefined
}
