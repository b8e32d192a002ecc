// A real headless Chromium, from npm, for tests. Started with `--no-sandbox` only: the package's own list of arguments
// turns web security off, and then no Origin is sent.
//
// A request that outlives its page (keepalive fetch, beacon) may not show up in page.on('request'): let the server that
// receives it be the witness.

import { mkdirSync, rmdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import sparticuz from '@sparticuz/chromium'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'

/** `faults`: the exceptions that nothing in the page caught. */
export type TestPage = Page & { readonly faults: string[] }

export type TestBrowser = {
  readonly browser: Browser
  /** A page in a context of its own: nothing is stored from other tests. */
  newPage(options?: BrowserContextOptions): Promise<TestPage>
  close(): Promise<void>
}

const lock = join(tmpdir(), 'lightfoot-chromium.lock')
/** Unpacking takes about 2 s; who holds the lock for longer is dead. */
const lockMsMax = 60_000

/**
 * `userAgent` for the whole browser: one that is set for a page is not sent by requests that outlive it. Without a head it
 * calls itself HeadlessChrome, which the collector drops as a robot.
 */
export async function openBrowser({ userAgent }: { userAgent?: string } = {}): Promise<TestBrowser> {
  const browser = await launch(userAgent === undefined ? [] : [`--user-agent=${userAgent}`])
  return {
    browser,
    async newPage(options = {}) {
      const context = await browser.newContext(options)
      const page = await context.newPage()
      const faults: string[] = []
      page.on('pageerror', error => faults.push(String(error)))
      return Object.assign(page, { faults })
    },
    close: () => browser.close(),
  }
}

async function launch(args: readonly string[]): Promise<Browser> {
  const start = async () =>
    chromium.launch({ executablePath: await unpack(), args: ['--no-sandbox', ...args], headless: true })
  try {
    return await start()
  } catch {
    // A run that was killed while it unpacked leaves half a binary behind.
    rmSync(await unpack(), { force: true })
    return start()
  }
}

/** The package unpacks its binary into the temporary directory on first use, and takes any file there for a whole one. */
async function unpack(): Promise<string> {
  for (;;) {
    try {
      mkdirSync(lock)
      break
    } catch {
      const heldSince = statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()
      if (Date.now() - heldSince > lockMsMax) rmdirSync(lock)
      else await wait(100)
    }
  }
  try {
    return await sparticuz.executablePath()
  } finally {
    rmdirSync(lock)
  }
}
