import { expect, test } from 'vitest'
import { exempt, grant, tellNow, useLab } from '../tools/testing/tracker_lab.ts'

const fixture = useLab()

const bodies = () => fixture.lab.requests.map(({ body }) => JSON.parse(body))

test('a string of text/plain, from the page’s origin, about a second after the event', async () => {
  const { lab } = fixture
  await fixture.visit(exempt)
  await lab.until('pageview')
  const [request] = lab.requests
  expect(request).toMatchObject({ method: 'POST', path: '/v1/events' })
  expect(request?.headers['content-type']).toMatch(/^text\/plain/)
  expect(request?.headers.origin).toBe(lab.origin)
  const [batch] = bodies()
  expect(batch.sent).toBeGreaterThan(900)
  expect(batch.sent).toBeLessThan(3000)
})

test('a collector elsewhere', async () => {
  const { lab } = fixture
  lab.pages.set('/page', { script: `${exempt} data-collector="${lab.elsewhere}"` })
  const page = await fixture.newPage()
  await page.goto(`${lab.origin}/page`)
  await lab.until('pageview')
  expect(lab.requests[0]?.headers).toMatchObject({ host: new URL(lab.elsewhere).host, origin: lab.origin })
  expect(lab.requests.map(({ method }) => method)).toEqual(['POST'])
})

test('tries again after 429, with the same batch, and says when', async () => {
  const { lab } = fixture
  let refused = 0
  lab.answerWith(() => (refused++ < 1 ? { status: 429 } : undefined))
  await fixture.visit(exempt)
  await lab.until('pageview')
  const [first, second] = bodies()
  expect(second.batch).toBe(first.batch)
  expect(second.events).toEqual(first.events)
  expect(second.sent - first.sent).toBeGreaterThanOrEqual(1000)
})

/** A page whose longer waits are noted instead of waited for, and whose chance always says the same. */
const hasty = (chance: number) => `
  Math.random = () => ${chance}
  window.waits = []
  const { setTimeout } = window
  window.setTimeout = (run, ms) => {
    if (ms > 1000) waits.push(Math.round(ms))
    return setTimeout(run, Math.min(ms, 1000) % 1000)
  }`

// With up to half of each wait added by chance.
test.each([
  ['lightfoot.js', 0.2, {}, [1100, 2200, 4400, 8800, 17_600]],
  ['lightfoot.js', 1, {}, [1500, 3000, 6000, 12_000, 24_000]],
  ['lightfoot.js', 1, { 'Retry-After': '7' }, [10_500, 10_500, 10_500, 10_500, 10_500]],
  // Five minutes at most.
  ['lightfoot.js', 0.2, { 'Retry-After': '86400' }, [330_000, 330_000, 330_000, 330_000, 330_000]],
  ['lightfoot.core.js', 0.2, { 'Retry-After': '86400' }, [5500]],
  ['lightfoot.core.js', 1, {}, [7500]],
] as const)('%s, chance %f, %o: waits, gives the batch up, and goes on with the next', async (...row) => {
  const [file, chance, headers, waits] = row
  const { lab } = fixture
  const isFirst = (batch: string) => batch === bodies()[0].batch
  lab.answerWith((_, body) => (isFirst(JSON.parse(body).batch) ? { status: 503, headers } : undefined))
  lab.pages.set('/page', { script: exempt, file })
  const page = await fixture.newPage()
  await page.addInitScript(hasty(chance))
  await page.goto(`${lab.origin}/page`)
  await lab.untilRequests(waits.length + 1)
  await page.evaluate('lightfoot.pageview()')
  expect(await lab.until('pageview')).toMatchObject([{ navigation: 'route' }])
  expect(await page.evaluate('waits')).toEqual(waits)
  expect(bodies().filter(({ batch }) => isFirst(batch))).toHaveLength(waits.length + 1)
})

test('without a network it waits; one batch at a time', async () => {
  const { lab } = fixture
  const page = await fixture.visit(exempt)
  await page.context().setOffline(true)
  await page.waitForTimeout(1200)
  await page.evaluate("lightfoot.track('later')")
  expect(lab.requests).toEqual([])
  await page.context().setOffline(false)
  await lab.until('custom')
  expect(lab.batches.map(({ events }) => events[0]?.type)).toEqual(['pageview', 'custom'])
})

test.each(['lightfoot.js', 'lightfoot.core.js'] as const)(
  'offline for long, hidden meanwhile, then online: nothing is lost, it goes at once, %s',
  async file => {
    const { lab } = fixture
    lab.pages.set('/page', { script: exempt, file })
    const page = await fixture.newPage()
    await page.clock.install()
    await page.goto(`${lab.origin}/page`)
    await page.context().setOffline(true)
    for (let i = 0; i < 5; i++) await page.clock.runFor(60_000)
    await tellNow(page)
    expect(lab.requests).toEqual([])
    await page.context().setOffline(false)
    await lab.until('pageview')
    await page.clock.runFor(2000)
    await lab.until('engagement')
    expect(lab.events('pageview')).toHaveLength(1)
  },
)

test.each(['lightfoot.js', 'lightfoot.core.js'] as const)(
  'what happens without a network, after all else was sent, arrives although the page was hidden meanwhile: %s',
  async file => {
    const { lab } = fixture
    const page = await fixture.visit(exempt, '<button data-lf=a>a</button>', undefined, file)
    await tellNow(page)
    await lab.until('pageview')
    await page.context().setOffline(true)
    await page.click('button')
    await tellNow(page)
    await page.context().setOffline(false)
    await lab.until('click')
  },
)

test('core does not weigh its batches: they are short', async () => {
  const { lab } = fixture
  const page = await fixture.visit(exempt, '', undefined, 'lightfoot.core.js')
  await page.context().setOffline(true)
  await page.evaluate(
    "for (let i = 0; i < 50; i++) history.pushState({}, '', '/route/' + 'x'.repeat(100) + i)",
  )
  await page.waitForTimeout(1100)
  await page.context().setOffline(false)
  await lab.until('pageview', 51)
  expect(Math.max(...lab.batches.map(({ events }) => events.length))).toBeLessThanOrEqual(20)
})

test('a collector that is slow: one batch at a time, and what waits goes when the page is left', async () => {
  const { lab } = fixture
  lab.answerWith(() => ({ status: 202, delayMs: 3000 }))
  const page = await fixture.visit(exempt)
  await lab.untilRequests(1)
  await page.evaluate("lightfoot.track('next')")
  await page.waitForTimeout(1300)
  expect(lab.requests).toHaveLength(1)
  lab.answerWith(() => undefined)
  await page.goto('about:blank')
  await lab.until('exit')
  expect(lab.events('custom')).toHaveLength(1)
})

// Chromium gives 64 KiB to all beacons and keepalive fetches together, of which the page itself takes 56 here: in its own
// pagehide listener, since fetches that are under way when a page is left no longer count.
test('where there is little room at the end, what matters goes first', async () => {
  const { lab } = fixture
  lab.answerWith((_, body) => (body.startsWith('x') ? { status: 202 } : undefined))
  const page = await fixture.visit(exempt, '', async page => {
    await grant(page, ['statistics'])
    await page.addInitScript(
      "addEventListener('pagehide', () => navigator.sendBeacon('/v1/own', 'x'.repeat(56 * 1024)), true)",
    )
  })
  await page.evaluate(
    "for (let i = 0; i < 200; i++) lightfoot.track('event ' + i, { text: 'x'.repeat(250) })",
  )
  await page.goto('about:blank')
  for (const type of ['exit', 'pageview', 'engagement', 'custom'] as const) await lab.until(type)
  expect(lab.events('custom').length).toBeLessThan(40)
})

test('what did not fit when the page was hidden goes later', async () => {
  const { lab } = fixture
  const page = await fixture.visit(exempt, '', page => grant(page, ['statistics']))
  await page.evaluate(
    "for (let i = 0; i < 230; i++) lightfoot.track('event ' + i, { text: 'x'.repeat(290), more: 'x'.repeat(290) })",
  )
  await tellNow(page)
  // A batch a second, on a busy machine less.
  await lab.until('custom', 230, 30_000)
  expect(new Set(lab.events('custom').map(({ name }) => name)).size).toBe(230)
})

test('what is not valid is not sent twice', async () => {
  const { lab } = fixture
  lab.answerWith(() => ({ status: 400 }))
  const page = await fixture.visit(exempt)
  await lab.untilRequests(1)
  lab.answerWith(() => undefined)
  await page.evaluate("lightfoot.track('next')")
  await lab.until('custom')
  expect(lab.requests).toHaveLength(2)
})

test('403 stops everything until the next page', async () => {
  const { lab } = fixture
  lab.answerWith(() => ({ status: 403 }))
  const page = await fixture.visit(exempt, '<button data-lf=a>a</button>', page =>
    grant(page, ['statistics']),
  )
  await lab.untilRequests(1)
  await page.waitForTimeout(100)
  await page.click('button')
  await page.evaluate("lightfoot.track('x'); history.pushState({}, '', '/x')")
  // A banner says again what is known.
  await page.evaluate("lightfoot.consent.set({ purposes: ['statistics'] })")
  await tellNow(page)
  await page.waitForTimeout(1100)
  expect(lab.requests).toHaveLength(1)
  lab.answerWith(() => undefined)
  await page.goto(`${lab.origin}/page`)
  await tellNow(page)
  await lab.until('pageview')
})

test('a batch that waits for its retry goes once more when the page is left', async () => {
  const { lab } = fixture
  lab.answerWith(() => ({ status: 503, headers: { 'Retry-After': '60' } }))
  const page = await fixture.visit(exempt)
  await lab.untilRequests(1)
  await page.waitForTimeout(100)
  lab.answerWith(() => undefined)
  await page.goto('about:blank')
  await lab.until('exit')
  const [first, again] = bodies()
  expect(again.batch).toBe(first.batch)
  expect(lab.events('pageview')).toHaveLength(1)
})

test('batches of at most 60 events and 16 KB; the queue of a page is bounded', async () => {
  const { lab } = fixture
  const page = await fixture.visit(exempt, '', page => grant(page, ['statistics']))
  await page.evaluate(
    "for (let i = 0; i < 500; i++) lightfoot.track('event ' + i, { text: 'ä'.repeat(i < 30 ? 290 : 1) })",
  )
  await tellNow(page)
  await lab.until('engagement')
  // Only what matters more is taken beyond the bound, and goes before.
  await expect.poll(() => lab.events().length, { timeout: 8000 }).toBe(241)
  expect(
    lab.batches.some(({ events }) => events[0]?.type === 'pageview' && events[1]?.type === 'engagement'),
  ).toBe(true)
  const seqs = lab.events().map(event => event.seq)
  expect(seqs.sort((one, two) => one - two).slice(0, 240)).toEqual(Array.from({ length: 240 }, (_, i) => i))
  for (const { body } of lab.requests) expect(Buffer.byteLength(body)).toBeLessThanOrEqual(16 * 1024)
  expect(Math.max(...lab.batches.map(batch => batch.events.length))).toBe(60)
})

test('what the page says is made to fit the contract', async () => {
  const { lab } = fixture
  const page = await fixture.newPage()
  await grant(page, ['statistics', 'behaviour'])
  const long = 'x'.repeat(3000)
  lab.pages.set(`/${long}`, {
    script: exempt,
    head: `<title>${long}</title>`,
    body: `<button data-lf="${long}">b</button><a href="/${long}" onclick="return false">a</a><a href="tel:${'1'.repeat(3000)}">t</a>`,
  })
  await page.goto(`${lab.origin}/${long}?${long}`)
  await page.click('button')
  await page.click('a')
  await page.evaluate(`
    lightfoot.track(''); lightfoot.track('😀'.repeat(80)); lightfoot.track(7); lightfoot.track()
    lightfoot.track('odd', { '': 1, '${long}': '${long}', nan: NaN, none: null, object: {}, yes: true, n: 1.5 })
    lightfoot.track('many', Object.fromEntries(Array.from({ length: 50 }, (_, i) => ['p' + i, i])))`)
  await tellNow(page)
  await lab.until('custom', 3)
  expect(lab.events('custom').map(event => Object.keys(event.props ?? {}).length)).toEqual([0, 6, 20])
})
