// One for all pages of this browser: over HTTP/1.1 it opens six connections to a server, and each page would take one.
import { Hub } from './hub'
import { type News } from './news'

export type Asked = { listen: string } | { stop: string } | { here: true } | { gone: true } | { back: string[] }
export interface Told {
  topic: string
  news: News
}

const SILENT_MS = 180_000 // a page says once a minute that it is there; one in the background may be late
const EVERY_MS = 60_000

interface Page {
  port: MessagePort
  topics: string[]
  seenAt: number
}

const pages = new Set<Page>()
const hub = new Hub((topic, news) => {
  for (const page of pages) if (page.topics.includes(topic)) page.port.postMessage({ topic, news } satisfies Told)
})

function leave(page: Page): void {
  pages.delete(page)
  for (const topic of page.topics) hub.stop(topic)
  page.topics = []
}

function hear(page: Page, asked: Asked): void {
  page.seenAt = Date.now()
  if ('listen' in asked) {
    page.topics.push(asked.listen)
    const news = hub.listen(asked.listen)
    if (news) page.port.postMessage({ topic: asked.listen, news } satisfies Told)
  } else if ('stop' in asked) {
    page.topics.splice(page.topics.indexOf(asked.stop), 1)
    hub.stop(asked.stop)
  } else if ('gone' in asked) leave(page)
  else if ('back' in asked) {
    page.topics = asked.back
    for (const topic of asked.back) hub.listen(topic)
    pages.add(page)
  }
}

self.addEventListener('connect', (event) => {
  const [port] = (event as MessageEvent).ports
  if (!port) return
  const page: Page = { port, topics: [], seenAt: Date.now() }
  pages.add(page)
  port.onmessage = (message: MessageEvent<Asked>) => hear(page, message.data)
})

setInterval(() => {
  for (const page of pages) if (Date.now() - page.seenAt > SILENT_MS) leave(page)
}, EVERY_MS)
