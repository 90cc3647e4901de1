// One open answer for a few topics. A browser gives an EventSource up for good at anything but a 200, so it is opened again by hand;
// where that fails again and again, or answers cannot stay open, it is polling instead.
import { newsOf, type Tell } from './news'
import { Polling } from './polling'

const PATH = '/live'
const TRIES = 3
const AGAIN_MS = 60_000 // from polling back to a stream
const RETRY_MS = 2_000

export class Stream {
  private source: EventSource | null = null
  private polling: Polling | null = null
  private timer: ReturnType<typeof setTimeout> | undefined
  private since = ''
  private failures = 0
  private isOver = false

  constructor(
    /** What it is about; one that was lost is taken out, and asked for no more. */
    public topics: readonly string[],
    private readonly tell: Tell,
    private readonly random: () => number = Math.random,
  ) {
    this.open()
  }

  close(): void {
    this.isOver = true
    this.rest()
  }

  private get url(): string {
    const asked = this.topics.map((topic) => `topic=${encodeURIComponent(topic)}`)
    return `${PATH}?${asked.join('&')}`
  }

  private open(): void {
    this.rest()
    if (typeof EventSource === 'undefined') {
      this.poll()
      return
    }
    const source = new EventSource(this.since ? `${this.url}&since=${this.since}` : this.url)
    this.source = source
    source.onopen = () => {
      // a change between the page's own reading and this moment was told to nobody
      if (!this.since) this.everyone('changed')
      this.failures = 0
    }
    source.onmessage = (event: MessageEvent<string>) => {
      this.since = event.lastEventId
      for (const [topic, value] of Object.entries(JSON.parse(event.data) as Record<string, unknown>)) this.tell(topic, newsOf(value))
    }
    source.addEventListener('reset', (event) => {
      this.since = (event as MessageEvent<string>).lastEventId
      this.everyone('reset')
    })
    source.addEventListener('bye', (event) => this.end((event as MessageEvent<string>).data))
    source.onerror = () => {
      if (source.readyState === EventSource.CLOSED) this.failed()
    }
  }

  private end(reason: string): void {
    this.rest()
    if (reason === 'gone') this.everyone('lost')
    else this.later(() => this.open(), RETRY_MS)
  }

  private failed(): void {
    this.failures += 1
    if (this.failures >= TRIES) this.poll()
    else this.later(() => this.open(), RETRY_MS * this.failures)
  }

  /** Polling says why a stream was refused: a topic that is not ours is lost, everything else passes. */
  private poll(): void {
    this.rest()
    this.polling = new Polling(this.url, this.topics, (topic, news) => {
      if (!this.isOver) this.tell(topic, news)
    })
    if (typeof EventSource !== 'undefined') this.later(() => this.open(), AGAIN_MS)
  }

  private everyone(kind: 'changed' | 'reset' | 'lost'): void {
    for (const topic of this.topics) this.tell(topic, { kind })
  }

  private later(act: () => void, about: number): void {
    clearTimeout(this.timer)
    this.timer = setTimeout(act, about * (0.5 + this.random()))
  }

  private rest(): void {
    clearTimeout(this.timer)
    this.source?.close()
    this.polling?.close()
    this.source = this.polling = null
  }
}
