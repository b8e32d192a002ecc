// /demo/: the demo site, files as they are except that `<!-- lightfoot -->` in a page becomes the site's live snippet; and
// /demo/lab/, which shows what the tracker sends.
// An unknown path answers its own 404 page with status 404, because a broken page is one of the things to show.

import { readFile, stat } from 'node:fs/promises'
import { dirname, join, normalize, sep } from 'node:path'
import { type Request, type Response, Router } from 'express'

const types: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  jpg: 'image/jpeg',
  webp: 'image/webp',
  ico: 'image/x-icon',
  pdf: 'application/pdf',
  zip: 'application/zip',
  csv: 'text/csv; charset=utf-8',
  txt: 'text/plain; charset=utf-8',
  json: 'application/json; charset=utf-8',
  woff2: 'font/woff2',
}

/** A page that is asked for with `?script=core` has the small script. */
export function demoSiteRoute(directory: string, liveSnippet: (core: boolean) => string): Router {
  const send = (request: Request, response: Response) =>
    sendPage(directory, request.path, response, () => liveSnippet(request.query.script === 'core'))
  const router = Router({ strict: true })
  for (const path of ['/demo', '/demo/lab'])
    router.get(path, (_request, response) => response.redirect(308, `${path}/`))
  // The form's values are of no interest, so they are not even read.
  router.post('/demo/contact', (_request, response) => response.redirect(303, '/demo/thanks.html'))
  router.get('/demo/*path', send)
  router.get('/demo/', send)
  return router
}

async function sendPage(
  directory: string,
  path: string,
  response: Response,
  snippet: () => string,
): Promise<void> {
  const file = await findFile(directory, path)
  const found = file ?? join(directory, '404.html')
  const extension = found.slice(found.lastIndexOf('.') + 1).toLowerCase()
  const content = await readFile(found)
  const body =
    extension === 'html'
      ? Buffer.from(content.toString('utf8').replaceAll('<!-- lightfoot -->', snippet))
      : content
  response.writeHead(file === undefined ? 404 : 200, {
    'Content-Type': types[extension] ?? 'application/octet-stream',
    'Content-Length': body.length,
    'Cache-Control': 'no-cache',
  })
  response.end(body)
}

/** The file of a path below /demo/, inside its folder or not at all. The lab's folder is beside the demo's. */
async function findFile(demo: string, path: string): Promise<string | undefined> {
  const [directory, prefix] = path.startsWith('/demo/lab/')
    ? [join(dirname(demo), 'lab'), '/demo/lab/']
    : [demo, '/demo/']
  const relative = decode(path.slice(prefix.length))
  if (relative === undefined || relative.includes('\0')) return undefined
  const file = join(
    directory,
    normalize(`/${relative === '' || relative.endsWith('/') ? `${relative}index.html` : relative}`),
  )
  if (!file.startsWith(directory + sep)) return undefined
  const found = await stat(file).catch(() => undefined)
  return found?.isFile() ? file : undefined
}

function decode(path: string): string | undefined {
  try {
    return decodeURIComponent(path)
  } catch {
    return undefined
  }
}
