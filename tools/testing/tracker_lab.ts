// A site to try the tracker on: pages as a test writes them, the tracker as the build makes it, and a collector that
// checks every batch against the contract and keeps it. One server, reached by two origins: 127.0.0.1 and localhost.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { BrowserContextOptions } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import type { Batch, Event } from '../../contract/events.ts'
import { type Purpose, purposeSet } from '../../contract/purposes.ts'
import { validateBatch } from '../../contract/validate.ts'
import { buildTracker, type TrackerFile, trackerFiles } from '../tracker_build.mjs'
import { openBrowser, type TestBrowser, type TestPage } from './browser.ts'

/** What a test says of a page; `script` are the snippet's attributes, undefined leaves the snippet out. */
export type LabPage = {
  body?: string
  head?: string
  script?: string | undefined
  /** Which script the snippet names; by default `lightfoot.js`. */
  file?: TrackerFile
  status?: number
  headers?: Record<string, string>
  type?: string
  delayMs?: number
}
/** One event as it came, with the address of its page and the consent of its batch. */
export type Seen = Event & { pageUrl: string; pageId: string; level: string }
export type Answer = { status: number; headers?: Record<string, string>; body?: string; delayMs?: number }

export type Lab = Awaited<ReturnType<typeof openLab>>

/** The snippet's attributes, `data-local` because the lab is on this machine. */
export const exempt = 'data-local data-mode="exempt" data-policy="1"'
export const strict = 'data-local data-mode="strict" data-policy="1"'

/** A lab and a browser for one test file; each test ends by finding that the contract held and no page saw an exception. */
export function useLab() {
  let lab: Lab
  let browser: TestBrowser
  let opened: TestPage[] = []
  beforeAll(async () => {
    ;[lab, browser] = await Promise.all([openLab(), openBrowser()])
  })
  afterAll(async () => {
    await browser.close()
    await lab.close()
  })
  afterEach(async () => {
    const faults = [...lab.faults, ...opened.flatMap(page => page.faults)]
    await Promise.all(opened.map(page => page.context().close()))
    opened = []
    lab.clear()
    expect(faults).toEqual([])
  })
  return {
    get lab() {
      return lab
    },
    async newPage(options?: BrowserContextOptions): Promise<TestPage> {
      const page = await browser.newPage(options)
      opened.push(page)
      return page
    },
    /** Serves one page at /page with this script and body, and opens it. */
    async visit(
      script: string,
      body = '',
      prepare?: (page: TestPage) => Promise<unknown>,
      file?: TrackerFile,
    ): Promise<TestPage> {
      const page = await this.newPage()
      lab.pages.set('/page', { script, body, ...(file && { file }) })
      await prepare?.(page)
      await page.goto(`${lab.origin}/page`)
      return page
    },
  }
}

/** What waits is sent as if the page had been hidden, so that a test need not wait for it. */
export function tellNow(page: TestPage): Promise<unknown> {
  return page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
}

/** What only a grant opens is there: what a page does before that is not seen by it. */
export async function grantedPart(page: TestPage): Promise<void> {
  await page.evaluate("import('/lightfoot.granted.js').then(() => {})")
}

/** Puts a grant into the page's storage, as an earlier choice would have left it. */
export async function grant(
  page: TestPage,
  purposes: Purpose[],
  at = new Date(),
  policy = 1,
  site = 'lab',
): Promise<void> {
  const mask = purposeSet(purposes)
  const stored = {
    receipt: receiptOf({ site, policy, purposes }, at),
    policy,
    purposes: mask,
    ...(purposes.includes('identity') ? { visitor: 'v'.repeat(22) } : {}),
  }
  await page.addInitScript(
    `if (location.protocol === 'http:') localStorage.lightfoot ??= ${JSON.stringify(JSON.stringify(stored))}`,
  )
}

export async function openLab() {
  const scripts = await bundle()
  const pages = new Map<string, LabPage>()
  const batches: Batch[] = []
  const requests: { method: string; path: string; headers: IncomingMessage['headers']; body: string }[] = []
  const faults: string[] = []
  let answer: (path: string, body: string) => Answer | undefined = () => undefined
  let origin = ''

  const server = createServer(async (request, response) => {
    const path = new URL(request.url ?? '/', 'http://lab').pathname
    const body = await read(request)
    if (path.startsWith('/v1/')) {
      requests.push({ method: request.method ?? '', path, headers: request.headers, body })
      const { status, headers, body: text, delayMs = 0 } = answer(path, body) ?? collect(path, body)
      await wait(delayMs)
      response.writeHead(status, {
        'Access-Control-Allow-Origin': '*',
        'Access-Control-Expose-Headers': 'Retry-After',
        ...headers,
      })
      response.end(text)
    } else if (scripts.has(path)) {
      const headers = { 'Content-Type': 'text/javascript', 'Access-Control-Allow-Origin': '*' }
      response.writeHead(200, headers).end(scripts.get(path))
    } else {
      await wait(pages.get(path)?.delayMs ?? 0)
      sendPage(path, pages.get(path), response)
    }
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  origin = `http://127.0.0.1:${port}`

  /** A collector in short. */
  function collect(path: string, body: string): Answer {
    const value = JSON.parse(body)
    if (path === '/v1/consent') {
      if (value.choice !== 'grant') return { status: 202, body: '{"recorded":true}' }
      return { status: 201, body: JSON.stringify({ receipt: receiptOf(value), id: 'an id of the ledger' }) }
    }
    const verdict = validateBatch(value)
    if (!verdict.ok) faults.push(`${verdict.path} ${verdict.message}`)
    if (body.length > 16 * 1024) faults.push(`a batch of ${body.length} bytes`)
    // A batch that came before, by its key, is a retry.
    if (!batches.some(({ batch }) => batch === value.batch)) batches.push(value)
    return { status: 202, body: '{}' }
  }

  function sendPage(path: string, page: LabPage | undefined, response: ServerResponse): void {
    const {
      status = 200,
      headers,
      type = 'text/html; charset=utf-8',
      body,
      head,
      script,
      file = 'lightfoot.js',
    } = page ?? {
      status: 404,
    }
    const snippet =
      script === undefined ? '' : `<script defer src="${origin}/${file}" ${script} data-site="lab"></script>`
    response.writeHead(status, { 'Content-Type': type, ...headers })
    const isPage = type.startsWith('text/html')
    response.end(
      isPage
        ? `<!doctype html><html><head><title>${path}</title>${head ?? ''}${snippet}</head><body>${body ?? ''}</body></html>`
        : body,
    )
  }

  const lab = {
    origin,
    /** The same server as another site. */
    elsewhere: `http://localhost:${port}`,
    pages,
    batches,
    requests,
    /** What the contract says against what came; every test ends by finding this empty. */
    faults,
    answerWith(next: typeof answer) {
      answer = next
    },
    /** Forgets what came, for the next test. */
    clear() {
      batches.length = requests.length = faults.length = 0
      pages.clear()
      answer = () => undefined
    },
    events<T extends Event['type']>(type?: T): (Seen & { type: T })[] {
      const all = batches.flatMap(({ pages, events, consent }) =>
        events.map(event => {
          const page = pages[event.page]
          return { ...event, pageUrl: page?.url ?? '', pageId: page?.id ?? '', level: consent.level }
        }),
      )
      return all.filter(event => type === undefined || event.type === type) as (Seen & { type: T })[]
    },
    /** Waits until enough events of a type came; then gives them. */
    async until<T extends Event['type']>(type: T, count = 1, ms = 8000): Promise<(Seen & { type: T })[]> {
      for (const end = Date.now() + ms; lab.events(type).length < count && Date.now() < end; ) await wait(20)
      const found = lab.events(type)
      if (found.length < count) throw new Error(`${found.length} of ${count} ${type} after ${ms} ms`)
      return found
    },
    async untilRequests(count: number, ms = 8000): Promise<void> {
      for (const end = Date.now() + ms; requests.length < count && Date.now() < end; ) await wait(20)
      if (requests.length < count) throw new Error(`${requests.length} of ${count} requests after ${ms} ms`)
    },
    close: () =>
      new Promise<void>(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return lab
}

/** A receipt's text as the collector writes it; who takes its word for it is not under test here. */
export function receiptOf(
  choice: { site: string; policy: number; purposes: string[] },
  at = new Date(),
): string {
  const day = at.toISOString().slice(0, 10).replaceAll('-', '')
  return `v1.${choice.site}.${choice.policy}.${purposeSet(choice.purposes as Purpose[])}.${day}.k1.${'x'.repeat(43)}`
}

/** Every file of the tracker, by its path. */
async function bundle(): Promise<Map<string, Buffer>> {
  const directory = mkdtempSync(join(tmpdir(), 'lightfoot-lab-'))
  const scripts = new Map<string, Buffer>()
  for (const file of Object.keys(trackerFiles) as TrackerFile[]) {
    const outfile = join(directory, file)
    await buildTracker({ file, outfile })
    scripts.set(`/${file}`, readFileSync(outfile))
  }
  rmSync(directory, { recursive: true })
  return scripts
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}
