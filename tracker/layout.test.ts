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
</script>`
const planted =
  "addEventListener('click', function planted() { window.height_ = document.body.offsetHeight })"
const body = `<script src=/planted.js></script>
  <div style="position:absolute;top:0;left:0;width:100px;height:100px" data-lf=box><button type=button>go</button></div>
  <form action="/page" data-lf=form style="position:absolute;top:120px;left:0"><input name=a required><button>send</button></form>
  <div style="height:4000px" data-lf-search=kites></div><img src=/missing.png>`

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

async function trace(file: 'lightfoot.js' | 'lightfoot.core.js', isGranted: boolean) {
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
    await page.goto(`${lab.origin}/left`)
    await lab.until('exit')
  })
  // The page's own `nowhere()` above.
  page.faults.length = 0
  return events
}

describe.each([
  ['lightfoot.js', true],
  ['lightfoot.js', false],
  ['lightfoot.core.js', false],
] as const)('%s, granted: %s', (file, isGranted) => {
  test('forces no layout; what does is found', async () => {
    const events = await trace(file, isGranted)
    const isOurs = (url: string) => url.includes('/lightfoot.')
    expect(scriptTasks(events, isOurs).ms).toBeGreaterThan(0)
    expect(forcedLayouts(events, isOurs)).toEqual([])
    const found = forcedLayouts(events, url => url.endsWith('/planted.js')).map(
      ({ name, by }) => `${name} ${by}`,
    )
    expect(new Set(found)).toEqual(
      new Set(['Layout', 'UpdateLayoutTree'].map(name => `${name} planted ${fixture.lab.origin}/planted.js`)),
    )
  })
})
