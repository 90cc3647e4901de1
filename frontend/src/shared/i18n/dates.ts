// Days as people choose them, moments as the server keeps them.

/** A day runs to its end: the last second of it, where the reader is. */
export function endOfDay(day: string): string | null {
  return day === '' ? null : new Date(`${day}T23:59:59`).toISOString()
}

/** The first moment of a day, where the reader is. */
export function startOfDay(day: string): string {
  return new Date(`${day}T00:00:00`).toISOString()
}

/** The day `days` from now, as a date field has it. */
export function dayFromNow(days: number, now = new Date()): string {
  const then = new Date(now.getFullYear(), now.getMonth(), now.getDate() + days)
  const two = (part: number): string => String(part).padStart(2, '0')
  return `${String(then.getFullYear())}-${two(then.getMonth() + 1)}-${two(then.getDate())}`
}

/** Whole days that are left until a moment; a part of a day counts as one. */
export function daysUntil(at: string, now = new Date()): number {
  return Math.ceil((new Date(at).getTime() - now.getTime()) / 86_400_000)
}
