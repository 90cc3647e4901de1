// The keyboard of a box with a list of suggestions (the combobox pattern of WAI-ARIA). Nothing is chosen unless the
// reader moves to it: Enter on typed text means that text.
import { computed, ref, useId, watch, type Ref } from 'vue'
import type { IconName } from '../icon/icons'
import type { Level } from '@/shared/place/place'

export interface Suggestion {
  value: string
  label: string
  /** Where it lies or what it is, at the end of the row. */
  meta?: string
  level?: Level
  icon?: IconName
  /** May not be chosen; `meta` says why. */
  barred?: boolean
}

export interface SuggestionGroup {
  label?: string
  items: readonly Suggestion[]
}

interface Handlers {
  pick: (suggestion: Suggestion) => void
}

type Keys = Partial<Record<string, () => void>>

/** The keys of the list; one that means nothing now stays the browser's own. */
function keysOf(state: { isShown: boolean; active: number }, act: { move: (step: number) => void; close: () => void; choose: (index: number) => void }): Keys {
  return {
    ArrowDown: () => act.move(1),
    ArrowUp: () => act.move(-1),
    ...(state.isShown && { Escape: act.close }),
    ...(state.isShown && state.active >= 0 && { Enter: () => act.choose(state.active) }),
  }
}

function attributesOf(listId: string, isShown: boolean, activeId: string | undefined) {
  return {
    role: 'combobox',
    'aria-autocomplete': 'list',
    'aria-expanded': isShown,
    'aria-controls': listId,
    'aria-activedescendant': activeId,
    autocomplete: 'off',
  } as const
}

export function useSuggestions(groups: Ref<readonly SuggestionGroup[]>, { pick }: Handlers) {
  const listId = useId()
  const isOpen = ref(false)
  const active = ref(-1)
  const flat = computed(() => groups.value.flatMap((group) => group.items))
  const isShown = computed(() => isOpen.value && flat.value.length > 0)
  const optionId = (index: number): string => `${listId}-${String(index)}`

  watch(flat, () => (active.value = -1))
  watch(active, (index) => document.getElementById(optionId(index))?.scrollIntoView({ block: 'nearest' }))

  const close = (): void => {
    isOpen.value = false
    active.value = -1
  }
  function move(step: number): void {
    const count = flat.value.length
    if (!isShown.value) isOpen.value = true
    else active.value = active.value === -1 && step < 0 ? count - 1 : (active.value + step + count) % count
  }
  function choose(index: number): void {
    const found = flat.value[index]
    if (found?.barred) return
    close()
    if (found) pick(found)
  }
  function onKeydown(event: KeyboardEvent): void {
    // While an input method composes, its keys are its own.
    const act = event.isComposing ? undefined : keysOf({ isShown: isShown.value, active: active.value }, { move, close, choose })[event.key]
    if (!act) return
    event.preventDefault()
    act()
  }

  const inputProps = computed(() => attributesOf(listId, isShown.value, isShown.value && active.value >= 0 ? optionId(active.value) : undefined))
  return { listId, isOpen, isShown, active, optionId, choose, onKeydown, inputProps }
}
