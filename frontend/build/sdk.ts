// Plugins import the host's own Vue, SDK and kit: by stable URL, or by bare name through the import map.
import type { IncomingMessage } from 'node:http'
import type { Plugin } from 'vite'
import { base, entryOf, facades } from './entries.ts'

const importMap = JSON.stringify({
  imports: Object.fromEntries(Object.entries(facades).map(([name, { bare }]) => [bare, `/sdk/v1/${name}.js`])),
})

/** In development the pages and facades lie elsewhere than Flask serves them. */
function developmentUrl(request: IncomingMessage): string | undefined {
  const path = (request.url ?? '/').split('?')[0] ?? '/'
  const facade = /^\/sdk\/v1\/(\w+)\.js$/.exec(path)?.[1]
  if (facade !== undefined) return facades[facade] && base + facades[facade].file
  const isPage = request.headers.accept?.includes('text/html') === true && !path.startsWith(base)
  return isPage ? `${base}${entryOf(path)}.html` : undefined
}

export function sharedModules(): Plugin {
  return {
    name: 'wuji-shared-modules',
    configureServer(server) {
      server.middlewares.use((request, _response, next) => {
        request.url = developmentUrl(request) ?? request.url
        next()
      })
    },
    transformIndexHtml: {
      order: 'post',
      handler: (html) => html.replace('<!--importmap-->', `<script type="importmap">${importMap}</script>`),
    },
  }
}
