import { expect, test } from 'vitest'
import { durationEdgesMs } from '../contract/steps.ts'
import { exempt, grant, tellNow, useLab } from '../tools/testing/tracker_lab.ts'

const fixture = useLab()

const phases = [
  'redirect',
  'dns',
  'connect',
  'tls',
  'request',
  'response',
  'ttfb',
  'interactive',
  'dcl',
  'load',
] as const

async function timing(isGranted: boolean) {
  const page = await fixture.visit(exempt, 'x'.repeat(5000), page =>
    isGranted ? grant(page, ['performance']) : Promise.resolve(),
  )
  await page.waitForLoadState()
  await page.waitForTimeout(50)
  const entry = (await page.evaluate("performance.getEntriesByType('navigation')[0].toJSON()")) as Record<
    string,
    number
  >
  await tellNow(page)
  const [event] = await fixture.lab.until('timing')
  return { event, entry }
}

test('with performance: milliseconds, size and protocol', async () => {
  const { event, entry } = await timing(true)
  const ms = (from: string, to: string) => Math.round((entry[to] ?? 0) - (entry[from] ?? 0))
  expect(event).toMatchObject({
    connect: ms('connectStart', 'connectEnd'),
    request: ms('requestStart', 'responseStart'),
    ttfb: ms('startTime', 'responseStart'),
    interactive: ms('startTime', 'domInteractive'),
    load: ms('startTime', 'loadEventEnd'),
    bytes: entry.transferSize,
    protocol: 'http/1.1',
  })
  expect(event?.bytes).toBeGreaterThan(5000)
  expect(event?.tls).toBe(0)
})

test('before consent: the lower edge of each bucket', async () => {
  const { event } = await timing(false)
  for (const phase of phases) expect(durationEdgesMs).toContain(event?.[phase])
  expect(event?.bytes).toBe(4096)
})

test('a page that is left before it has loaded tells what it knows', async () => {
  const { lab } = fixture
  lab.pages.set('/slow.png', { type: 'image/png', body: '', delayMs: 3000 })
  lab.pages.set('/slow', { script: exempt, body: '<img src=/slow.png>' })
  lab.pages.set('/next', { body: 'next' })
  const page = await fixture.newPage()
  await grant(page, ['performance'])
  await page.goto(`${lab.origin}/slow`, { waitUntil: 'domcontentloaded' })
  await page.goto(`${lab.origin}/next`)
  const seen = await lab.until('timing')
  expect(seen).toHaveLength(1)
  expect(seen[0]).toMatchObject({ load: 0, protocol: 'http/1.1' })
  expect(seen[0]?.dcl).toBeGreaterThan(0)
  expect(seen[0]?.ttfb).toBeGreaterThan(0)
})
