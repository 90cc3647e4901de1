// Keeps a part of a page in step with the server, as long as that part stands on the page.
import { onScopeDispose, readonly, ref, toValue, watch, type MaybeRefOrGetter, type Ref } from 'vue'
import { type News } from './news'

/** Pages that hear of the same change at the same moment must not all ask at the same moment. */
const SPREAD_MS = 500
const RESET_MS = 5_000

/** Acts once, at some moment within so many ms; more calls until then are the same one. */
function spreading(act: () => void) {
  let timer: ReturnType<typeof setTimeout> | undefined
  const drop = (): void => {
    clearTimeout(timer)
    timer = undefined
  }
  const spread = (within: number): void => {
    timer ??= setTimeout(() => {
      drop()
      act()
    }, Math.random() * within)
  }
  return { spread, drop }
}

/**
 * Calls `onChange` when something about the topic has changed, and once when listening begins: with its body, where the topic is
 * told with one; otherwise without, and the caller asks again (with its ETag). Null: listen to nothing. What it returns says
 * whether changes are told; until then, or where they are not, a page that must be in step asks from time to time.
 */
export function useLive(topic: MaybeRefOrGetter<string | null>, onChange: (body?: unknown) => unknown): Readonly<Ref<boolean>> {
  const isLive = ref(false)
  const { spread, drop } = spreading(() => onChange())
  let stop: (() => void) | null = null
  let turn = 0

  const hear = (news: News): void => {
    isLive.value = news.kind !== 'lost'
    if (news.kind === 'body') onChange(news.body)
    else if (news.kind === 'changed') spread(SPREAD_MS)
    else if (news.kind === 'reset') spread(RESET_MS)
  }
  const leave = (): void => {
    turn += 1
    drop()
    stop?.()
    stop = null
    isLive.value = false
  }
  const begin = async (wanted: string): Promise<void> => {
    const mine = turn
    const { listen } = await import('./connection')
    if (mine === turn) stop = listen(wanted, hear)
  }

  watch(
    () => toValue(topic),
    (wanted) => {
      leave()
      if (wanted !== null) void begin(wanted)
    },
    { immediate: true },
  )
  onScopeDispose(leave)
  return readonly(isLive)
}
