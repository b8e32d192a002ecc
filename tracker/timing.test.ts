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

test('told as soon as it is known, once, whatever becomes of the page', async () => {
  const page = await fixture.visit(exempt)
  const [event] = await fixture.lab.until('timing')
  await tellNow(page)
  await page.evaluate(
    "for (const type of ['pagehide', 'pageshow']) dispatchEvent(new PageTransitionEvent(type, { persisted: true }))",
  )
  await page.evaluate("lightfoot.consent.set({ purposes: ['performance'] })")
  await fixture.lab.until('pageview', 3)
  await tellNow(page)
  await page.evaluate("lightfoot.track('last')")
  await tellNow(page)
  await fixture.lab.until('custom')
  expect(fixture.lab.events('timing')).toEqual([event])
})
