// Where answers cannot stay open: asks how things stand, every five seconds, and tells what differs.
import { newsOf, type Tell } from './news'

export const EVERY = 5_000
const LATER = 30_000

export class Polling {
  private etag = ''
  private stood: Record<string, unknown> | null = null
  private timer: ReturnType<typeof setTimeout> | undefined
  private isOver = false

  constructor(
    private readonly url: string,
    private readonly topics: readonly string[],
    private readonly tell: Tell,
  ) {
    void this.ask()
  }

  close(): void {
    this.isOver = true
    clearTimeout(this.timer)
  }

  private async ask(): Promise<void> {
    const pause = await this.read().catch(() => LATER)
    if (!this.isOver && pause > 0) this.timer = setTimeout(() => void this.ask(), pause)
  }

  /** How long to wait before the next time; 0: there is none. */
  private async read(): Promise<number> {
    const headers: Record<string, string> = { Accept: 'application/json' }
    if (this.etag) headers['If-None-Match'] = this.etag
    const answer = await fetch(this.url, { headers, credentials: 'same-origin' })
    if (this.isOver || answer.status === 304) return EVERY
    if (answer.status === 404) {
      for (const topic of this.topics) this.tell(topic, { kind: 'lost' })
      return 0
    }
    if (!answer.ok) return LATER
    this.etag = answer.headers.get('ETag') ?? ''
    this.compare((await answer.json()) as Record<string, unknown>)
    return EVERY
  }

  private compare(stands: Record<string, unknown>): void {
    for (const [topic, value] of Object.entries(stands)) {
      const before = this.stood?.[topic]
      if (JSON.stringify(before) !== JSON.stringify(value)) this.tell(topic, newsOf(value))
    }
    this.stood = stands
  }
}
