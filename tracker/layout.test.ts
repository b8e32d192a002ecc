// The tracker never makes the browser work out a layout: shown by Chromium's own trace, on a page that spoils its layout
// before each of our listeners and all the time between, so that whoever asks for one figure of it forces it.

import { describe, expect, test } from 'vitest'
import { forcedLayouts, scriptTasks, tracePage } from '../tools/bench/page_trace.mjs'
import type { TestPage } from '../tools/testing/browser.ts'
import { exempt, grant, tellNow, useLab } from '../tools/testing/tracker_lab.ts'

const fixture = useLab()

/** First in the page, so that it hears of everything before the tracker. */
const spoil = `<script>
  const spoil = () => { document.documentElement.style.paddingBottom = Math.random() + 'px' }
  const types = 'load pageshow pagehide visibilitychange focus blur scroll click auxclick submit input invalid keydown'
    + ' pointermove pointerdown pointerover pointerout popstate hashchange DOMContentLoaded'
  for (const type of types.split(' ')) addEventListener(type, spoil, true)
  setInterval(spoil, 3)
  // The browser's bubble is a document of its own, whose animations any look at a style brings up to date.
  addEventListener('invalid', event => event.preventDefault(), true)
</script>`
const planted =
  "addEventListener('click', function planted() { window.height_ = document.body.offsetHeight })"
const parts = `<script src=/planted.js></script>
  <div style="position:absolute;top:0;left:0;width:100px;height:100px" data-lf=box><button type=button>go</button></div>
  <form action="/page" data-lf=form style="position:absolute;top:120px;left:0"><input name=a required><button>send</button></form>
  <div style="height:4000px" data-lf-view=kites></div><img src=/missing.png>`
const bodies = {
  document: parts,
  // An application's shell: the document fits the window, an element in it scrolls.
  element: `<style>* { margin: 0; box-sizing: border-box } html, body { height: 100% }</style>
    <main style="position:relative;height:100%;overflow:auto">${parts}</main>`,
}

/** Everything that a visitor does. */
async function use(page: TestPage): Promise<void> {
  for (let step = 1; step <= 4; step++) {
    await page.mouse.move(20 * step, 20)
    await page.mouse.click(20, 15)
    await page.mouse.wheel(0, 400)
  }
  await page.evaluate("scrollTo(0, 0); document.querySelector('input').focus()")
  await page.keyboard.press('Enter')
  await page.keyboard.type('abc')
  await page.evaluate("history.pushState({}, '', '/next'); setTimeout(() => { nowhere() }, 0)")
  await page.waitForTimeout(400)
  await tellNow(page)
}

async function trace(file: 'lightfoot.js' | 'lightfoot.core.js', isGranted: boolean, body: string) {
  const { lab } = fixture
  const page = await fixture.newPage()
  if (isGranted)
    await grant(page, ['statistics', 'behaviour', 'performance', 'campaigns', 'identity', 'calls'])
  lab.pages.set('/planted.js', { type: 'text/javascript', body: planted })
  lab.pages.set('/page', { script: exempt, file, head: spoil, body })
  lab.pages.set('/left', { body: 'left' })
  const session = await page.context().newCDPSession(page)
  const events = await tracePage(session, async () => {
    await page.goto(`${lab.origin}/page`)
    await use(page)
    if (isGranted) await lab.until('view')
    await page.goto(`${lab.origin}/left`)
    await lab.until('exit')
  })
  // The page's own `nowhere()` above.
  page.faults.length = 0
  return events
}

describe.each([
  ['lightfoot.js', true, 'document'],
  ['lightfoot.js', true, 'element'],
  ['lightfoot.js', false, 'element'],
  ['lightfoot.core.js', false, 'document'],
] as const)('%s, granted: %s, scrolled: the %s', (file, isGranted, scrolled) => {
  test('forces no layout; what does is found; no task is long because of it', async () => {
    const events = await trace(file, isGranted, bodies[scrolled])
    const isOurs = (url: string) => url.includes('/lightfoot.')
    const { ms, longTasks } = scriptTasks(events, isOurs)
    expect(ms).toBeGreaterThan(0)
    expect(longTasks).toBe(0)
    expect(forcedLayouts(events, isOurs)).toEqual([])
    const found = forcedLayouts(events, url => url.endsWith('/planted.js')).map(
      ({ name, by }) => `${name} ${by}`,
    )
    expect(new Set(found)).toEqual(
      new Set(['Layout', 'UpdateLayoutTree'].map(name => `${name} planted ${fixture.lab.origin}/planted.js`)),
    )
    // The trace holds how a depth is found (and a view, above): a shell taken for a document that fits would be seen to its end.
    const depths = fixture.lab.events('engagement').map(({ scroll }) => scroll?.[1] ?? 0)
    expect(Math.max(...depths)).toBeGreaterThan(0)
    expect(Math.max(...depths)).toBeLessThan(10)
  })
})
