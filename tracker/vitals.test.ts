import { expect, test } from 'vitest'
import { durationEdgesMs, shiftEdges } from '../contract/steps.ts'
import type { TestPage } from '../tools/testing/browser.ts'
import { exempt, grant, strict, tellNow, useLab } from '../tools/testing/tracker_lab.ts'
import { waitUntil } from '../tools/testing/wait_until.ts'

const fixture = useLab()

const body = '<h1>Kites</h1><button data-lf=buy>Buy</button><p id=late></p>'
const file = 'lightfoot.vitals.js'

/** Counts what is observed and listened to, and what of it has been given back. */
const counted = `
  const { observe, disconnect } = PerformanceObserver.prototype
  const observing = new Set()
  PerformanceObserver.prototype.observe = function (...values) { observing.add(this); return observe.apply(this, values) }
  PerformanceObserver.prototype.disconnect = function () { observing.delete(this); return disconnect.apply(this) }
  const listening = new Set()
  const { addEventListener } = EventTarget.prototype
  window.addEventListener = function (type, run, options) {
    const key = type + listening.size
    if (options?.signal) {
      listening.add(key)
      addEventListener.call(options.signal, 'abort', () => listening.delete(key))
    }
    return addEventListener.call(this, type, run, options)
  }
  window.held = () => observing.size + listening.size`

const found = () => fixture.lab.events('vital')
const names = () => [...new Set(found().map(({ name }) => name))].sort()

/** Until each of them has come at least once; asks as if the page were hidden again and again. */
async function untilVitals(page: TestPage, wanted: string[]): Promise<void> {
  await waitUntil(`vitals ${wanted}`, async () => {
    await tellNow(page)
    return wanted.every(name => names().includes(name as 'LCP'))
  })
}

const atLoad = ['CLS', 'FCP', 'LCP', 'TTFB']

/** Moves what stands below by most of the window, later than an input excuses it. */
async function shift(page: TestPage): Promise<void> {
  await page.waitForTimeout(600)
  await page.evaluate(
    `new Promise(done => {
       new PerformanceObserver(() => setTimeout(done, 50)).observe({ type: 'layout-shift' })
       document.querySelector('h1').style.marginTop = '300px'
     })`,
  )
}

test('before consent: each vital as the lower edge of its bucket', async () => {
  const page = await fixture.visit(exempt, body)
  await untilVitals(page, atLoad)
  await page.click('button')
  await untilVitals(page, ['INP'])
  for (const { name, value } of found())
    expect(name === 'CLS' ? shiftEdges : durationEdgesMs, `${name} ${value}`).toContain(value)
  expect(names()).toEqual([...atLoad, 'INP'].sort())
})

test('with performance: as measured, in milliseconds', async () => {
  const page = await fixture.visit(exempt, body, page => grant(page, ['performance']))
  await untilVitals(page, atLoad)
  const paint = await page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
  expect(found()).toContainEqual(
    expect.objectContaining({ name: 'FCP', value: Math.round(Number(paint)), level: 'granted' }),
  )
  await shift(page)
  await waitUntil('the shift is told', async () => {
    await tellNow(page)
    return found().some(({ name, value }) => name === 'CLS' && value > 0 && !shiftEdges.includes(value as 0))
  })
})

type Never = {
  script?: string
  purposes?: Parameters<typeof grant>[1]
  file?: 'lightfoot.core.js'
  cookie?: string
}
const never: Record<string, Never> = {
  'strict, without a choice': { script: strict },
  'strict, granted without performance': { script: strict, purposes: ['statistics'] },
  'the core': { file: 'lightfoot.core.js' },
  objected: { cookie: 'lightfoot_off=1' },
}

test.each(Object.entries(never))(
  'not loaded: %s',
  async (_name, { script = exempt, purposes, file: core, cookie }) => {
    const { lab } = fixture
    const page = await fixture.newPage()
    const loaded: string[] = []
    page.on('request', request => loaded.push(new URL(request.url()).pathname))
    if (cookie) await page.context().addCookies([{ name: 'lightfoot_off', value: '1', url: lab.origin }])
    if (purposes) await grant(page, purposes)
    lab.pages.set('/page', { script, body, ...(core && { file: core }) })
    await page.goto(`${lab.origin}/page`)
    // Two idle periods: by then it would have been asked for.
    for (let idle = 0; idle < 2; idle++)
      await page.evaluate('new Promise(done => requestIdleCallback(() => setTimeout(done, 50)))')
    expect(loaded).toContain(core ? '/lightfoot.core.js' : '/lightfoot.js')
    expect(loaded).not.toContain(`/${file}`)
  },
)

test('told again only when it has changed, always of the page with which the document began', async () => {
  const { lab } = fixture
  const page = await fixture.visit(exempt, body)
  await untilVitals(page, atLoad)
  const before = found().length
  await page.evaluate("history.pushState({}, '', '/next')")
  await tellNow(page)
  const [first, second] = await lab.until('pageview', 2)
  await shift(page)
  await waitUntil('the shift is told', async () => {
    await tellNow(page)
    return found().length > before
  })
  const again = found().slice(before)
  expect(again.map(({ name }) => name)).toEqual(['CLS'])
  expect(again[0]?.value).toBeGreaterThan(found().find(({ name }) => name === 'CLS')?.value ?? 1)
  expect(new Set(found().map(({ pageId }) => pageId))).toEqual(new Set([first?.pageId]))
  expect(second?.pageId).not.toBe(first?.pageId)
  const numbers = lab
    .events()
    .filter(({ pageId }) => pageId === first?.pageId)
    .map(({ seq }) => seq)
  expect(new Set(numbers).size).toBe(numbers.length)
})

/** The click takes its time, and from then on the page has no idle moment. */
const departing = `<h1>Kites</h1><a href=/other>other</a><script>
  const work = ms => { for (const end = performance.now() + ms; performance.now() < end;); }
  const { port1, port2 } = new MessageChannel()
  port1.onmessage = () => { work(15); port2.postMessage(0) }
  document.querySelector('a').onclick = () => { work(150); port2.postMessage(0) }
</script>`

test('a page that is left at once tells what is known, also of the click that left it', async () => {
  const { lab } = fixture
  const page = await fixture.visit(exempt, departing)
  await lab.until('timing')
  await page.evaluate('new Promise(done => requestAnimationFrame(() => setTimeout(done, 50)))')
  // Browsers tell of a click once they have painted what came of it.
  lab.pages.set('/other', { body: 'other', delayMs: 300 })
  await page.click('a')
  await page.waitForURL(`${lab.origin}/other`)
  await lab.until('vital', 5)
  expect(names()).toEqual([...atLoad, 'INP'].sort())
  expect(found().find(({ name }) => name === 'INP')?.value).toBeGreaterThanOrEqual(150)
})

test('a grant tells what came before it as before it, and measures nothing of the page after it', async () => {
  const { lab } = fixture
  const page = await fixture.visit(exempt, body, page => page.addInitScript(counted))
  await page.waitForFunction('held() > 5')
  await page.evaluate('new Promise(done => requestAnimationFrame(() => setTimeout(done, 50)))')
  await page.evaluate("lightfoot.consent.set({ purposes: ['performance', 'statistics'] })")
  await lab.until('vital', 4)
  // That of failed resources, which goes on (errors.ts).
  await page.waitForFunction('held() === 1')
  await page.click('button')
  await shift(page)
  await tellNow(page)
  await lab.until('pageview', 2)
  expect(new Set(found().map(({ level }) => level))).toEqual(new Set(['exempt']))
  expect(new Set(found().map(({ pageId }) => pageId)).size).toBe(1)
  expect(found()).toHaveLength(4)
})

test('an objection gives every listener and observer back', async () => {
  const page = await fixture.visit(exempt, body, page => page.addInitScript(counted))
  await page.waitForFunction('held() > 5')
  await page.evaluate('lightfoot.consent.object()')
  await page.waitForFunction('held() === 0')
})

test('a page out of the back/forward cache has vitals of its own', async () => {
  const { lab } = fixture
  const page = await fixture.visit(exempt, body)
  await untilVitals(page, atLoad)
  await page.click('button')
  await untilVitals(page, ['INP'])
  const before = found().length
  // One after the other, as no timer runs between them.
  await page.evaluate(
    "for (const type of ['pagehide', 'pageshow']) dispatchEvent(new PageTransitionEvent(type, { persisted: true }))",
  )
  await waitUntil('all are told again', async () => {
    await tellNow(page)
    return found().length >= before + 4
  })
  const [first, second] = await lab.until('pageview', 2)
  expect(second?.navigation).toBe('bfcache')
  const after = found().slice(before)
  expect(new Set(after.map(({ pageId }) => pageId))).toEqual(new Set([second?.pageId]))
  expect(
    found()
      .slice(0, before)
      .every(({ pageId }) => pageId === first?.pageId),
  ).toBe(true)
  // Nobody has used the page that came back.
  expect(after.map(({ name }) => name).sort()).toEqual(atLoad)
})
