import { expect, test } from 'vitest'
import type { TestPage } from '../tools/testing/browser.ts'
import { platformScript, type TcData, tcData, tcString } from '../tools/testing/tc_string.ts'
import { exempt, strict, tellNow, useLab } from '../tools/testing/tracker_lab.ts'

const fixture = useLab()

const map = 'data-tcf="1:identity 8:statistics,behaviour c2:performance"'
const choices = () =>
  fixture.lab.requests.filter(({ path }) => path === '/v1/consent').map(({ body }) => JSON.parse(body))
const status = (page: TestPage) => page.evaluate('lightfoot.consent.status()')
const act = (page: TestPage, data: TcData) => page.evaluate(`platform(${JSON.stringify(data)})`)

async function visit(mode: string, first?: TcData): Promise<TestPage> {
  fixture.lab.pages.set('/page', {
    script: `${mode} ${map}`,
    head: `<script>${platformScript(first)}</script>`,
    body: '<button data-lf=save>save</button>',
  })
  const page = await fixture.newPage()
  await page.goto(`${fixture.lab.origin}/page`)
  return page
}

test('what is known grants by the map; the string is told once, and again when it has changed', async () => {
  const { lab } = fixture
  const first = tcData({ purposes: [1, 2, 8], custom: [1] }, 'tcloaded')
  const page = await visit(exempt, first)
  await lab.untilRequests(1)
  await tellNow(page)
  const [begun] = await lab.until('pageview')
  // Nothing was counted before the answer, so the page begins as any other.
  expect(begun).toMatchObject({ level: 'granted', navigation: 'navigate', arrival: 'unknown' })
  expect(lab.batches[0]?.consent).toMatchObject({ purposes: 1 + 2 + 8, signal: 'tcf' })
  expect(choices()).toEqual([
    {
      site: 'lab',
      policy: 1,
      choice: 'grant',
      purposes: ['statistics', 'behaviour', 'identity'],
      source: 'tcf',
      tcf: first.tcString,
    },
  ])

  await page.reload()
  await tellNow(page)
  expect((await lab.until('pageview', 2))[1]).toMatchObject({ level: 'granted', navigation: 'reload' })
  expect(choices()).toHaveLength(1)

  // The same purposes by another string.
  await act(page, tcData({ purposes: [1, 8] }, 'useractioncomplete'))
  expect((await lab.until('pageview', 3))[2]).toMatchObject({ navigation: 'consent' })
  expect(choices()[1]).toMatchObject({ tcf: tcString({ purposes: [1, 8] }) })
  await act(page, tcData({ purposes: [1, 8] }, 'useractioncomplete'))
  expect(choices()).toHaveLength(2)
})

test.each([
  ['exempt', exempt],
  ['strict', strict],
])('%s: a dialogue that is shown is no answer; the visitor’s action is', async (_, mode) => {
  const { lab } = fixture
  const page = await visit(mode, tcData({ purposes: [1, 8] }, 'cmpuishown'))
  await page.evaluate("lightfoot.track('early'); lightfoot.pageview()")
  await page.click('button')
  expect(await page.evaluate('heardBy.length')).toBe(1)
  expect(await status(page)).toMatchObject({ level: 'none' })
  await act(page, tcData({ custom: [2] }, 'useractioncomplete'))
  await page.waitForFunction("lightfoot.consent.status().level === 'granted'")
  expect(await status(page)).toMatchObject({ purposes: ['performance'] })
  await tellNow(page)
  await lab.until('pageview')
  expect(lab.events('pageview')).toHaveLength(1)
  expect(lab.events('custom')).toEqual([])
  expect(lab.events('click')).toEqual([])
})

test.each([
  ['exempt', exempt, 'exempt'],
  ['strict', strict, 'none'],
])('%s: a refusal leaves what the site’s mode decides, and asks nobody', async (_, mode, level) => {
  const { lab } = fixture
  const page = await visit(mode, tcData({ purposes: [2, 3] }, 'tcloaded'))
  await page.waitForFunction(`lightfoot.consent.status().level === '${level}'`)
  await tellNow(page)
  if (level === 'exempt') await lab.until('pageview')
  expect(lab.events('pageview').map(({ navigation }) => navigation)).toEqual(
    level === 'exempt' ? ['navigate'] : [],
  )
  expect(lab.batches.map(({ consent }) => consent.signal)).toEqual(level === 'exempt' ? ['default'] : [])
  expect(choices()).toEqual([])
  expect(await page.evaluate('localStorage.length')).toBe(0)
})

test('a withdrawal on the platform stops at once and is told; a narrower choice ends the rest at once', async () => {
  const { lab } = fixture
  const page = await visit(exempt, tcData({ purposes: [1, 8] }, 'tcloaded'))
  await page.waitForFunction("lightfoot.consent.status().level === 'granted'")
  // The collector is away: what is not granted any more has ended all the same.
  lab.answerWith(path => (path === '/v1/consent' ? { status: 503, body: '{}' } : undefined))
  await act(page, tcData({ purposes: [8] }, 'useractioncomplete'))
  expect(await page.evaluate('localStorage.length')).toBe(0)
  expect(await status(page)).toMatchObject({ level: 'none', purposes: [] })
  lab.answerWith(() => undefined)
  await act(page, tcData({ purposes: [8] }, 'useractioncomplete'))
  await page.waitForFunction("lightfoot.consent.status().level === 'granted'")
  expect(await page.evaluate('localStorage.lightfoot')).not.toContain('visitor')

  await act(page, tcData({}, 'useractioncomplete'))
  expect(await page.evaluate('localStorage.length')).toBe(0)
  await lab.untilRequests(4)
  expect(choices().at(-1)).toEqual({ site: 'lab', policy: 1, choice: 'withdraw' })
  const { length } = lab.requests
  await page.click('button')
  await tellNow(page)
  expect(await status(page)).toMatchObject({ level: 'none' })
  expect(lab.requests).toHaveLength(length)

  // And may be granted anew on the same page.
  await act(page, tcData({ purposes: [8] }, 'useractioncomplete'))
  await page.waitForFunction("lightfoot.consent.status().level === 'granted'")
})

test('a platform that never answers is waited for three seconds, and a grant of before does not count', async () => {
  const { lab } = fixture
  const page = await visit(exempt, tcData({ purposes: [1, 8] }, 'tcloaded'))
  await page.waitForFunction("lightfoot.consent.status().level === 'granted'")
  lab.pages.set('/page', { script: `${exempt} ${map}` })
  await page.goto(`${lab.origin}/page?again`)
  expect(await status(page)).toMatchObject({ level: 'none' })
  await page.waitForFunction("lightfoot.consent.status().level === 'exempt'")
  expect(await page.evaluate('performance.now()')).toBeGreaterThan(3000)
  await tellNow(page)
  await lab.until('pageview', 2)
  expect(lab.batches.at(-1)?.consent).toEqual({ level: 'exempt', purposes: 0, policy: 1, signal: 'default' })
  expect(lab.batches.at(-1)).not.toHaveProperty('visitor')
  // It comes late, by a tag manager.
  await page.evaluate(platformScript(tcData({ purposes: [1, 8] }, 'tcloaded')))
  await page.waitForFunction("lightfoot.consent.status().level === 'granted'")
  expect(choices()).toHaveLength(1)
  await tellNow(page)
  // The page was counted when its time was up.
  expect((await lab.until('pageview', 3))[2]).toMatchObject({ level: 'granted', navigation: 'consent' })
  expect(lab.events('pageview')[2]).not.toHaveProperty('arrival')
})

test('where the collector finds less in the string, that counts', async () => {
  const { lab } = fixture
  lab.answerWith(path =>
    path === '/v1/consent'
      ? { status: 201, body: JSON.stringify({ receipt: `v1.lab.1.1.${today()}.k1.${'x'.repeat(43)}` }) }
      : undefined,
  )
  const page = await visit(exempt, tcData({ purposes: [1, 8] }, 'tcloaded'))
  await page.waitForFunction("lightfoot.consent.status().level === 'granted'")
  expect(await status(page)).toMatchObject({ purposes: ['statistics'] })
  await page.reload()
  await page.waitForFunction("lightfoot.consent.status().level === 'granted'")
  expect(choices()).toHaveLength(1)
})

test.each<[string, (page: TestPage) => Promise<unknown>]>([
  ['an objection', page => page.addInitScript("document.cookie = 'lightfoot_off=1; path=/'")],
  [
    'GPC as an objection',
    page => page.addInitScript("Object.defineProperty(navigator, 'globalPrivacyControl', { value: true })"),
  ],
])('after %s the platform is not asked', async (_, prepare) => {
  const { lab } = fixture
  const first = tcData({ purposes: [1, 8] }, 'tcloaded')
  lab.pages.set('/page', {
    script: `${exempt} ${map} data-gpc="objection"`,
    head: `<script>${platformScript(first)}</script>`,
  })
  const page = await fixture.newPage()
  await prepare(page)
  await page.goto(`${lab.origin}/page`)
  await page.waitForTimeout(300)
  expect(await page.evaluate('heardBy.length')).toBe(0)
  expect(lab.requests).toEqual([])
})

test('a platform out of order is no answer, and the page sees nothing of it', async () => {
  const page = await fixture.newPage()
  fixture.lab.pages.set('/page', {
    script: `${exempt} ${map}`,
    head: `<script>
      window.__tcfapi = (command, version, callback) => {
        callback(null, false)
        callback(undefined, true)
        callback({ eventStatus: 'tcloaded', publisher: 7 }, true)
        throw new Error('out of order')
      }
    </script>`,
  })
  await page.goto(`${fixture.lab.origin}/page`)
  await page.waitForFunction("lightfoot.consent.status().level === 'exempt'")
  expect(choices()).toEqual([])
})

function today(): string {
  return new Date().toISOString().slice(0, 10).replaceAll('-', '')
}
