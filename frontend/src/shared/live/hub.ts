// All that is listened to from this browser, in as few open answers as the server lets one have: eight topics each.
import { type News, type Tell } from './news'
import { Stream } from './stream'

const MOST = 8
const SETTLE_MS = 50 // parts of a page come together

export class Hub {
  private readonly listeners = new Map<string, number>()
  private readonly last = new Map<string, News>()
  private streams: Stream[] = []
  private timer: ReturnType<typeof setTimeout> | undefined

  constructor(
    private readonly tell: Tell,
    private readonly open: (topics: readonly string[], tell: Tell) => Stream = (topics, told) => new Stream(topics, told),
  ) {}

  /** Returns what was told last, where the topic is listened to already: whoever comes later has not heard it. */
  listen(topic: string): News | undefined {
    this.listeners.set(topic, (this.listeners.get(topic) ?? 0) + 1)
    this.settle()
    return this.last.get(topic)
  }

  stop(topic: string): void {
    const left = (this.listeners.get(topic) ?? 0) - 1
    if (left > 0) this.listeners.set(topic, left)
    else {
      this.listeners.delete(topic)
      this.last.delete(topic)
    }
    this.settle()
  }

  private settle(): void {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.arrange(), SETTLE_MS)
  }

  /** Streams all of whose topics are still wanted stay as they are; the rest is asked for anew. */
  private arrange(): void {
    const wanted = new Set(this.listeners.keys())
    const stay = this.streams.filter((stream) => stream.topics.every((topic) => wanted.has(topic)))
    for (const topic of stay.flatMap((stream) => stream.topics)) wanted.delete(topic)
    const room = stay.find((stream) => wanted.size > 0 && stream.topics.length + wanted.size <= MOST)
    for (const topic of room?.topics ?? []) wanted.add(topic)
    for (const stream of this.streams) if (!stay.includes(stream) || stream === room) stream.close()
    this.streams = stay.filter((stream) => stream !== room)
    const topics = [...wanted].sort()
    for (let at = 0; at < topics.length; at += MOST) this.streams.push(this.open(topics.slice(at, at + MOST), this.heard))
  }

  private readonly heard: Tell = (topic, news) => {
    if (news.kind === 'lost') this.last.delete(topic)
    else if (this.listeners.has(topic)) this.last.set(topic, news)
    if (news.kind === 'lost') this.streams = this.streams.filter((stream) => this.isAlive(stream, topic))
    this.tell(topic, news)
  }

  /** A stream that lost a topic is no reason to keep it when somebody asks for that topic again: they may have logged in since. */
  private isAlive(stream: Stream, lost: string): boolean {
    if (!stream.topics.includes(lost)) return true
    stream.topics = stream.topics.filter((topic) => topic !== lost)
    if (stream.topics.length === 0) stream.close()
    return stream.topics.length > 0
  }
}
