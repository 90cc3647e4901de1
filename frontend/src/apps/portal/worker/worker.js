// The portal's service worker, served as /sw.js. It keeps what says `Cache-Control: public` and nothing else, and never touches
// /api: a page that cannot be fetched says calmly that there is no connection. The build writes VERSION and FILES above this.
/* global self, caches, fetch, Response, VERSION, FILES */
const program = `wuji-program-${VERSION}` // of this build; nothing in it is about anybody
const seen = 'wuji-seen' // public files that were met on the way; emptied at logout
const offline = '/offline'
const most = 120

const isPublic = (answer) => answer.ok && answer.type === 'basic' && /(^|,)\s*public\b/.test(answer.headers.get('Cache-Control') ?? '')
const isForGood = (answer) => /\bimmutable\b/.test(answer.headers.get('Cache-Control') ?? '')

self.addEventListener('install', (event) => event.waitUntil(keepProgram()))
self.addEventListener('activate', (event) => event.waitUntil(dropOthers()))
self.addEventListener('fetch', (event) => {
  const { method, mode, url } = event.request
  const { origin, pathname } = new URL(url)
  // Whoever logs out, in the console too, leaves nothing of what was met on the way.
  if (method === 'DELETE' && pathname === '/api/v1/session') event.waitUntil(caches.delete(seen))
  if (method !== 'GET' || origin !== self.location.origin || pathname.startsWith('/api/') || pathname === '/live') return
  if (mode !== 'navigate') event.respondWith(answerFile(event))
  else if (!/^\/console(\/|$)/.test(pathname)) event.respondWith(answerPage(event))
})

async function keepProgram() {
  const cache = await caches.open(program)
  await Promise.all(
    FILES.map(async (url) => {
      const answer = await fetch(url, { credentials: 'same-origin' })
      if (isPublic(answer)) await cache.put(url, answer)
    }),
  )
}

async function dropOthers() {
  const names = await caches.keys()
  await Promise.all(names.filter((name) => name.startsWith('wuji-program-') && name !== program).map((name) => caches.delete(name)))
  await self.clients.claim()
}

async function answerPage(event) {
  const { request } = event
  try {
    const answer = await fetch(request)
    event.waitUntil(speak(answer.headers.get('Content-Language')))
    return answer
  } catch {
    return (await caches.match(offline, { ignoreVary: true })) ?? Response.error()
  }
}

/** The page for when there is no network speaks as the last one did. */
async function speak(language) {
  const kept = await caches.match(offline, { ignoreVary: true })
  if (!kept || language === null || kept.headers.get('Content-Language') === language) return
  const answer = await fetch(offline, { credentials: 'same-origin' })
  const cache = await caches.open(program)
  if (isPublic(answer)) await cache.put(offline, answer)
}

/** What never changes comes from here; everything else from the network as long as there is one. */
async function answerFile(event) {
  const kept = await caches.match(event.request)
  if (kept && isForGood(kept)) return kept
  try {
    const answer = await fetch(event.request)
    if (isPublic(answer)) event.waitUntil(keep(event.request, answer.clone()))
    return answer
  } catch (error) {
    if (kept) return kept
    throw error
  }
}

async function keep(request, answer) {
  const cache = await caches.open(seen)
  await cache.put(request, answer)
  const all = await cache.keys()
  await Promise.all(all.slice(0, Math.max(0, all.length - most)).map((old) => cache.delete(old)))
}
