// Pages for the measure of the tracker: the same page with each script and with none, and a collector that takes everything.

import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import path from 'node:path'

export function builtFile(name) {
  return path.join(import.meta.dirname, '../../dist/tracker', name)
}

const paragraphs = Array.from(
  { length: 200 },
  (_, nth) =>
    `<p data-lf="part-${nth}">Part ${nth} <button type="button" data-lf="b-${nth}">choose</button> <a href="#p${nth}">more</a></p>`,
).join('\n')

/** @returns `urlOf('lightfoot.js')`, `urlOf('')` for the page without a script, and `close` */
export async function servePages() {
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://bench')
    if (pathname.startsWith('/lightfoot.')) {
      response.setHeader('Content-Type', 'text/javascript')
      response.end(readFileSync(builtFile(path.basename(pathname))))
    } else if (pathname.startsWith('/v1/')) {
      request.resume().once('end', () => response.writeHead(202).end('{"accepted":1,"dropped":{}}'))
    } else {
      response.setHeader('Content-Type', 'text/html; charset=utf-8')
      response.end(pageWith(searchParams.get('script')))
    }
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const origin = `http://127.0.0.1:${server.address().port}`
  return {
    origin,
    urlOf: script => `${origin}/page?script=${script}`,
    close: async () => {
      server.closeAllConnections()
      await once(server.close(), 'close')
    },
  }
}

function pageWith(script) {
  const snippet = script
    ? `<script defer src="/${script}" data-site="bench" data-mode="exempt" data-policy="1" data-local></script>`
    : ''
  return `<!doctype html><html><head><title>Bench</title>${snippet}</head><body><h1>Bench</h1>\n${paragraphs}</body></html>`
}
