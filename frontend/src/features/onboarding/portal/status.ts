// How the state of an application looks, and what it allows.
import type { IconName } from '@/kit/icon/icons'
import type { Schemas } from '@/shared/api/client'

export type State = Schemas['OwnApplicationOut']['state']

interface Look {
  tone: 'info' | 'ok' | 'warn' | 'brand'
  icon: IconName
}

const looks: Record<State, Look> = {
  open: { tone: 'info', icon: 'clock' },
  accepted: { tone: 'ok', icon: 'circle-check' },
  rejected: { tone: 'warn', icon: 'corner-up-left' },
  withdrawn: { tone: 'brand', icon: 'minus' },
}

export const stateOf = (state: State = 'open'): Look => looks[state]

export const canChange = (state: State): state is 'open' | 'rejected' => state === 'open' || state === 'rejected'
