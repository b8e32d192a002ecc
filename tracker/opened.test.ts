// lightfoot.granted.js: who loads it, and that it is of the page for which it was loaded.

import { expect, test } from 'vitest'
import type { Purpose } from '../contract/purposes.ts'
import type { TestPage } from '../tools/testing/browser.ts'
import { exempt, grant, grantedPart, strict, tellNow, useLab } from '../tools/testing/tracker_lab.ts'
import type { TrackerFile } from '../tools/tracker_build.mjs'

const fixture = useLab()
const part = '**/lightfoot.granted.js'

/** How often the page asked for the part. */
function countLoads(page: TestPage): { count: number } {
  const loads = { count: 0 }
  page.on('request', request => {
    if (request.url().endsWith('/lightfoot.granted.js')) loads.count++
  })
  return loads
}

/** The part comes when it is released. */
function slowPart(): { hold: (page: TestPage) => Promise<unknown>; release: () => void } {
  let release = () => {}
  const released = new Promise<void>(resolve => {
    release = resolve
  })
  const hold = (page: TestPage) => page.route(part, route => released.then(() => route.continue()))
  return { hold, release }
}

/** Everything of the page up to now has come. */
async function flush(page: TestPage): Promise<void> {
  await page.evaluate("lightfoot.pageview(); history.pushState(0, '', '/flushed')")
  await tellNow(page)
  await expect
    .poll(() => fixture.lab.events('pageview').some(({ pageUrl }) => pageUrl.endsWith('/flushed')))
    .toBe(true)
}

test.each<[string, TrackerFile, Purpose[], number]>([
  ['exempt', 'lightfoot.js', [], 0],
  ['the core, which knows no grant', 'lightfoot.core.js', ['statistics', 'behaviour'], 0],
  ['a grant that opens nothing of it', 'lightfoot.js', ['performance', 'identity', 'campaigns', 'calls'], 0],
  ['statistics', 'lightfoot.js', ['statistics'], 1],
  ['behaviour', 'lightfoot.js', ['behaviour'], 1],
])('loaded by nobody who did not grant it: %s', async (_, file, purposes, wanted) => {
  const page = await fixture.newPage()
  const loads = countLoads(page)
  fixture.lab.pages.set('/page', { script: exempt, file, body: '<button data-lf=a>a</button>' })
  if (purposes.length) await grant(page, purposes)
  await page.goto(`${fixture.lab.origin}/page`)
  await page.click('button')
  await flush(page)
  expect(loads.count).toBe(wanted)
})

test('a choice loads it; after a withdrawal nothing of it is left, and the next grant starts it again', async () => {
  const { lab } = fixture
  const page = await fixture.visit(strict, '<button data-lf=a>a</button>')
  const loads = countLoads(page)
  const dwell = async () => {
    await page.mouse.move(500, 500)
    await page.hover('button')
    await page.waitForTimeout(350)
    await tellNow(page)
  }
  const choose = (purposes: Purpose[]) =>
    page.evaluate(`lightfoot.consent.set(${JSON.stringify({ purposes })})`)
  await dwell()
  expect(loads.count).toBe(0)
  await choose(['behaviour'])
  await grantedPart(page)
  await dwell()
  await lab.until('hover', 1)
  await page.evaluate('lightfoot.consent.withdraw()')
  await dwell()
  await choose(['statistics'])
  await dwell()
  await choose(['behaviour'])
  await dwell()
  await lab.until('hover', 2)
  expect(lab.events('hover')).toHaveLength(2)
  // A module is loaded once a document.
  expect(loads.count).toBe(1)
})

test('what comes too late for its page is not started', async () => {
  const { lab } = fixture
  const { release, hold } = slowPart()
  const page = await fixture.visit(exempt, '<button data-lf=a>a</button>', async page => {
    await grant(page, ['statistics', 'behaviour'])
    await hold(page)
  })
  await page.evaluate(`
    lightfoot.view('Tern')
    window.added = []
    const { addEventListener } = EventTarget.prototype
    window.addEventListener = function (type, ...rest) { added.push(type); addEventListener.call(this, type, ...rest) }
    lightfoot.consent.withdraw()`)
  release()
  await grantedPart(page)
  expect(await page.evaluate('added')).toEqual([])
  expect(lab.events('view')).toEqual([])
})

test('views that are told before it is there are kept until it is', async () => {
  const { lab } = fixture
  const { release, hold } = slowPart()
  const page = await fixture.visit(exempt, '', async page => {
    await grant(page, ['statistics'])
    await hold(page)
  })
  await page.evaluate("lightfoot.view('Tern', 'Kites'); lightfoot.view({})")
  release()
  await grantedPart(page)
  await tellNow(page)
  expect(await lab.until('view')).toMatchObject([{ name: 'Tern', group: 'Kites' }])
})

test('where it cannot be loaded, everything else arrives', async () => {
  const { lab } = fixture
  const page = await fixture.visit(exempt, '<button data-lf=a>a</button>', async page => {
    await grant(page, ['statistics', 'behaviour'])
    await page.route(part, route => route.abort())
  })
  await page.evaluate("lightfoot.view('Tern')")
  await page.click('button')
  await flush(page)
  expect(lab.events('click')).toMatchObject([{ kind: 'button', target: 'a' }])
})
