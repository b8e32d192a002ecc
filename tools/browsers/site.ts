// The site that one browser visits, and the way to the collector. Each scenario has a host of its own,
// `bfcache.firefox.localhost`, so nothing that one leaves in the browser meets another. Its pages tell the site themselves
// what happened to them, so that the proof needs no driver: shown, from the back/forward cache or not; prerendered, shown
// later; covered by another tab; an exception that nothing caught; what a script of theirs has to say.

import { EventEmitter, once } from 'node:events'
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http'

import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

export type SitePage = {
  head?: string
  body?: string
  status?: number
  headers?: Record<string, string>
  delayMs?: number
  /** In the place of a page: a script. */
  script?: string
}
/** Pages by path; '*' is any other path. The snippet is the same on all of them. */
export type SitePages = { snippet: string; pages: Record<string, SitePage> }

/** What a page told: `pageshow persisted`, of /a. */
export type Told = { host: string; path: string; what: string }

/** How the collector answers: as it is, that but late, not at all, or with this status and nothing else. */
export type Weather = 'fair' | 'slow' | 'away' | { status: number; headers?: Record<string, string> }

export type Site = Awaited<ReturnType<typeof openSite>>

export async function openSite(browser: string) {
  const hosts = new Map<string, SitePages>()
  const told: Told[] = []
  const telling = new EventEmitter()
  const toldBefore = new Map<string, number>()
  let collectorUrl = ''
  const weathers = new Map<string, Weather>()
  const refused = new Map<string, number>()
  const passed = new Map<string, number>()

  const site = createServer((request, response) => {
    const host = hostOf(request)
    const { pathname } = new URL(request.url ?? '/', 'http://site')
    if (pathname === '/told') {
      void read(request).then(text => {
        const [path = '', what = ''] = text.split('\n')
        told.push({ host, path, what })
        telling.emit('told')
        response.end()
      })
      return
    }
    void sendPage(pathname, hosts.get(host), response)
  })
  const collector = createServer((incoming, response) => {
    const { host } = new URL(incoming.headers.origin ?? 'http://none')
    const weather = weathers.get(host) ?? 'fair'
    const isForward = weather === 'fair' || !incoming.url?.startsWith('/v1/')
    if (incoming.url === '/v1/events') countOne(isForward ? passed : refused, host)
    if (isForward) pass(incoming, response, collectorUrl)
    else if (weather === 'slow') setTimeout(() => pass(incoming, response, collectorUrl), slowMs)
    else if (weather === 'away') incoming.socket.destroy()
    else {
      const cors = { 'Access-Control-Allow-Origin': '*', 'Access-Control-Expose-Headers': 'Retry-After' }
      response.writeHead(weather.status, { ...cors, ...weather.headers })
      incoming.resume().once('end', () => response.end())
    }
  })
  const [port, collectorPort] = await Promise.all([listen(site), listen(collector)])
  const domain = `${browser}.localhost:${port}`

  hosts.set(`partner.localhost:${port}`, {
    snippet: '',
    pages: { '*': {}, '/foreign.js': { script: foreignScript } },
  })

  return {
    /** All hosts of this site, as the configuration writes them. */
    origins: `http://*.${domain}`,
    scriptUrl: (file: string) => `http://127.0.0.1:${collectorPort}/${file}`,
    hostOf: (scenario: string) => `${scenario}.${domain}`,
    /** Somebody else's site, without the snippet, and with a script that throws: /foreign.js. */
    partner: `partner.localhost:${port}`,
    told,
    connect(url: string) {
      collectorUrl = url
    },
    serve(host: string, pages: SitePages) {
      hosts.set(host, pages)
    },
    /** For the pages of this host. */
    setWeather(host: string, weather: Weather) {
      weathers.set(host, weather)
    },
    /** Batches that met another weather than a fair one; batches that went through. */
    refused: (host: string) => refused.get(host) ?? 0,
    passed: (host: string) => passed.get(host) ?? 0,
    /** The page tells it, once more than was waited for before. */
    async untilTold(host: string, path: string, what: string) {
      const key = `${host}${path} ${what}`
      const wanted = countOne(toldBefore, key)
      const count = () => told.filter(t => t.host === host && t.path === path && t.what === what).length
      const signal = AbortSignal.timeout(toldMs)
      while (count() < wanted) {
        await once(telling, 'told', { signal }).catch(() => {
          throw new Error(`${key}: not within ${toldMs / 1000} s`)
        })
      }
    },
    async close() {
      for (const server of [site, collector]) {
        server.closeAllConnections()
        await new Promise(resolve => server.close(resolve))
      }
    },
  }
}

const foreignScript = "throw new Error('of the partner')"
const toldMs = 10_000
const slowMs = 1500

function countOne(counts: Map<string, number>, key: string): number {
  const count = (counts.get(key) ?? 0) + 1
  counts.set(key, count)
  return count
}

const hostOf = (request: IncomingMessage) => request.headers.host ?? ''

async function listen(server: Server): Promise<number> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

/** To the collector and back, byte by byte. */
function pass(incoming: IncomingMessage, response: ServerResponse, collectorUrl: string): void {
  const { method = 'GET', headers, url = '/' } = incoming
  const onward = request(collectorUrl + url, { method, headers }, answer => {
    response.writeHead(answer.statusCode ?? 502, answer.headers)
    answer.pipe(response)
  })
  onward.on('error', () => response.destroy())
  incoming.pipe(onward)
}

async function read(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request) text += chunk
  return text
}

async function sendPage(path: string, site: SitePages | undefined, response: ServerResponse): Promise<void> {
  const page = site?.pages[path] ?? site?.pages['*']
  if (path.includes('missing') || page === undefined) {
    response.writeHead(404, { 'Content-Type': 'text/plain' }).end('not here')
    return
  }
  await sleep(page.delayMs ?? 0)
  if (page.script !== undefined) {
    response.writeHead(200, { 'Content-Type': 'text/javascript' }).end(page.script)
    return
  }
  response.writeHead(page.status ?? 200, { 'Content-Type': 'text/html', ...page.headers })
  response.end(`<!doctype html><html lang=en><meta charset=utf-8><title>Page ${path}</title>
    <link rel=icon href=data:,><script>${witness}</script>${page.head ?? ''}${site?.snippet}
    <body>${page.body ?? ''}`)
}

/** Runs before everything else in the page, so that what the page breaks on purpose cannot silence it. */
const witness = `{
  const { document, location, navigator, performance } = window
  const send = navigator.sendBeacon.bind(navigator)
  const tell = what => send('/told', location.pathname + '\\n' + what)
  const activatedAt = () => performance.getEntriesByType('navigation')[0].activationStart
  addEventListener('pageshow', event =>
    tell(document.prerendering ? 'prerendered' : event.persisted ? 'restored' : 'shown'))
  document.addEventListener('prerenderingchange', () => tell(activatedAt() > 0 ? 'activated' : 'activated at 0'))
  addEventListener('pagehide', () => tell('hidden'))
  document.addEventListener('visibilitychange', () => tell(document.hidden ? 'covered' : 'uncovered'))
  addEventListener('say', ({ detail }) => tell(detail))
  addEventListener('error', event => tell('fault ' + event.message))
  addEventListener('unhandledrejection', event => tell('fault ' + event.reason))
}`
