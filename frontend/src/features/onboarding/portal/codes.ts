// What an official code looks like, said while the certificate is still at hand; the server checks it again.
import type { Level } from '@/shared/place/place'

export interface Fault {
  /** Key of its text. */
  key: string
  params?: Record<string, number | string>
}

const letters = '0123456789ABCDEFGHJKLMNPQRTUWXY'
const foreign = /[^0-9A-HJ-NPQRTUWXY]/u
const length = 18
const digits: Record<Level, number> = { 1: 4, 2: 6, 3: 9, 4: 12, 5: 15 }

/** The last of 统一社会信用代码: GB 32100-2015, after ISO 7064 MOD 31-3. */
function checkOf(start: string): string {
  let weight = 1
  let sum = 0
  for (const letter of start) {
    sum += letters.indexOf(letter) * weight
    weight = (weight * 3) % letters.length
  }
  return letters.charAt((letters.length - (sum % letters.length)) % letters.length)
}

/** As a certificate has it: capitals, without the gaps of handwriting. */
export const tidied = (code: string): string => code.replaceAll(/[\s-]/g, '').toUpperCase()

export function creditCodeFault(code: string): Fault | null {
  const count = code.length
  if (count === 0) return { key: 'portal.apply.code.empty' }
  const odd = foreign.exec(code)?.[0]
  if (odd !== undefined) return { key: 'portal.apply.code.letter', params: { letter: odd } }
  if (count < length) return { key: 'portal.apply.code.short', params: { count, missing: length - count } }
  if (count > length) return { key: 'portal.apply.code.long', params: { count, extra: count - length } }
  return checkOf(code.slice(0, -1)) === code.slice(-1) ? null : { key: 'portal.apply.code.check' }
}

export function divisionCodeFault(code: string, level: Level): Fault | null {
  if (code === '') return { key: 'portal.apply.code.empty' }
  const wanted = digits[level]
  if (/^\d+$/.test(code) && code.length === wanted) return null
  return { key: 'portal.apply.code.digits', params: { count: code.length, digits: wanted } }
}
