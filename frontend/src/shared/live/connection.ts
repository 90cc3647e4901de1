// How this page hears: through the browser's one worker, or where there is none by itself.
import { Hub } from './hub'
import { type News } from './news'
import { type Asked, type Told } from './worker'

type Hear = (news: News) => void

const HERE_MS = 60_000
const heard = new Map<string, Set<Hear>>()

function tell(topic: string, news: News): void {
  for (const hear of heard.get(topic) ?? []) hear(news)
}

interface Way {
  listen(topic: string): void
  stop(topic: string): void
}

function byItself(): Way {
  const hub = new Hub(tell)
  return {
    listen: (topic) => {
      const news = hub.listen(topic)
      if (news) tell(topic, news)
    },
    stop: (topic) => hub.stop(topic),
  }
}

function throughWorker(): Way {
  const worker = new SharedWorker(new URL('./worker.ts', import.meta.url), { name: 'wuji-live', type: 'module' })
  const say = (asked: Asked): void => worker.port.postMessage(asked)
  worker.port.onmessage = (event: MessageEvent<Told>) => tell(event.data.topic, event.data.news)
  // a browser that has workers, but not of this sort, says so here
  worker.onerror = () => {
    way = byItself()
    for (const topic of heard.keys()) way.listen(topic)
  }
  setInterval(() => say({ here: true }), HERE_MS)
  addEventListener('pagehide', () => say({ gone: true }))
  addEventListener('pageshow', (event) => {
    if (event.persisted) say({ back: [...heard].flatMap(([topic, hears]) => [...hears].map(() => topic)) })
  })
  return { listen: (topic) => say({ listen: topic }), stop: (topic) => say({ stop: topic }) }
}

let way: Way | null = null

/** Hears of a topic until what it returns is called. */
export function listen(topic: string, hear: Hear): () => void {
  way ??= typeof SharedWorker === 'undefined' ? byItself() : throughWorker()
  const here = heard.get(topic) ?? new Set()
  here.add(hear)
  heard.set(topic, here)
  // each time: what was lost before may be allowed by now
  way.listen(topic)
  return () => {
    here.delete(hear)
    if (here.size === 0) heard.delete(topic)
    way?.stop(topic)
  }
}
