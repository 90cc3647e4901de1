// The place chosen last on this device.
import { remember as keep, remembered } from '@/shared/storage/storage'

export interface Chosen {
  code: string
  name: string
}

export function lastPlace(): Chosen | null {
  const [code, ...name] = (remembered('place') ?? '').split(' ')
  return code ? { code, name: name.join(' ') } : null
}

export function remember({ code, name }: Chosen): void {
  keep('place', `${code} ${name}`)
}
