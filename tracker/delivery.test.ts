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

test.each([
  ['503, waiting as asked', { status: 503, headers: { 'Retry-After': '2' } }, 2000],
  ['429 without a time', { status: 429 }, 1000],
])('tries again after %s, with the same batch', async (_, refusal, waitMs) => {
  const { lab } = fixture
  let refused = 0
  lab.answerWith(() => (refused++ < 1 ? refusal : undefined))
  await fixture.visit(exempt)
  await lab.until('pageview')
  const [first, second] = bodies()
  expect(second.batch).toBe(first.batch)
  expect(second.events).toEqual(first.events)
  expect(second.sent - first.sent).toBeGreaterThanOrEqual(waitMs)
  expect(second.sent - first.sent).toBeLessThan(waitMs * 1.5 + 500)
})

test('gives a batch up after six tries, and goes on with the next', async () => {
  const { lab } = fixture
  lab.answerWith(() => ({ status: 503 }))
  const page = await fixture.visit(exempt, '', page => page.clock.install())
  const tries = () => bodies().filter(({ batch }) => batch === bodies()[0].batch).length
  // The page's clock does not wait for answers, which take their time on a busy machine.
  for (let i = 0; i < 300 && tries() < 6; i++) await page.clock.runFor(1000)
  for (let i = 0; i < 10; i++) await page.clock.runFor(1000)
  expect(tries()).toBe(6)
  lab.answerWith(() => undefined)
  await page.evaluate("lightfoot.track('next')")
  for (let i = 0; i < 300 && lab.events('custom').length === 0; i++) await page.clock.runFor(1000)
  await lab.until('custom')
  expect(lab.events('pageview')).toEqual([])
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

test('core tries once more, and goes on with the next', async () => {
  const { lab } = fixture
  lab.answerWith(() => ({ status: 503 }))
  lab.pages.set('/page', { script: exempt, file: 'lightfoot.core.js' })
  const page = await fixture.newPage()
  await page.clock.install()
  await page.goto(`${lab.origin}/page`)
  for (let i = 0; i < 300 && bodies().length < 2; i++) await page.clock.runFor(1000)
  for (let i = 0; i < 10; i++) await page.clock.runFor(1000)
  expect(bodies().map(({ batch }) => batch)).toEqual([bodies()[0].batch, bodies()[0].batch])
  lab.answerWith(() => undefined)
  await page.evaluate('lightfoot.pageview()')
  for (let i = 0; i < 300 && lab.events('pageview').length === 0; i++) await page.clock.runFor(1000)
  expect(lab.events('pageview')).toMatchObject([{ navigation: 'route' }])
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
  const page = await fixture.visit(exempt, '<button data-lf=a>a</button>')
  await lab.untilRequests(1)
  await page.waitForTimeout(100)
  await page.click('button')
  await page.evaluate("lightfoot.track('x'); history.pushState({}, '', '/x')")
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
