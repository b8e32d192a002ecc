// GET /metrics of the built product: of the format, by the conventions, without a label from outside, and never falling.

import { randomBytes } from 'node:crypto'
import { request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import parsePrometheusTextFormat from 'parse-prometheus-text-format'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { dropReasons } from '../../contract/drop_reasons.ts'
import { lintMetrics } from '../../tools/testing/lint_metrics.ts'
import { type Product, startProduct } from '../../tools/testing/product.ts'
import { type Family, readMetrics, seriesOf } from '../../tools/testing/read_metrics.ts'
import { postBatch, sampleBatch } from '../../tools/testing/sample_batch.ts'
import { noticeList } from '../http/acceptor_metrics.ts'
import { cutReasons } from './connection_limits.ts'

const origin = 'https://www.example.com'
const site = { id: 'shop', origins: [origin], mode: 'exempt', policy: 1, minimumGroup: 1 }
const marker = 'canary-5e11'
const patient = { timeout: 30_000, interval: 100 }

let product: Product
beforeAll(async () => {
  const config = { controller: { name: 'Example Ltd', contact: 'privacy@example.com' }, sites: [site] }
  product = await startProduct({ config, env: { LIGHTFOOT_WORKERS: '2' } })
})
afterAll(() => product?.stop())

const send = (batch = sampleBatch('shop', origin, 5)) => postBatch(product.publicUrl, origin, batch)

async function scrape(): Promise<string> {
  return (await fetch(`${product.adminUrl}/metrics`)).text()
}

function sumOf(families: readonly Family[], name: string): number {
  const samples = families.flatMap(family => family.samples).filter(sample => sample.name === name)
  return samples.reduce((sum, { value }) => sum + value, 0)
}

test('it is of the format and by the conventions, and two parsers read the same', async () => {
  const repeat = sampleBatch('shop', origin, 5)
  for (const batch of [repeat, repeat, ...Array.from({ length: 10 }, () => sampleBatch('shop', origin, 5))])
    expect((await send(batch)).status).toBe(202)
  const value = async (name: string) => sumOf(readMetrics(await scrape()).families, name)
  await expect.poll(() => value('lightfoot_fold_duration_seconds_count'), patient).toBeGreaterThan(0)

  const text = await scrape()
  const { families, problems } = readMetrics(text)
  expect([...problems, ...lintMetrics(families)]).toEqual([])
  expect(families.length).toBeGreaterThan(40)

  const parsed = parsePrometheusTextFormat(text)
  expect(parsed.map(({ name, help, type }) => [name, help, type.toLowerCase()])).toEqual(
    families.map(({ name, help, type }) => [name, help, type]),
  )
  for (const [index, { metrics }] of parsed.entries()) {
    const theirs = metrics.flatMap(metric =>
      metric.buckets
        ? [...Object.values(metric.buckets), metric.sum, metric.count].map(Number)
        : [Number(metric.value)],
    )
    // Bounds such as 1 and 2 come first in an object.
    expect(theirs.sort()).toEqual(families[index]?.samples.map(sample => sample.value).sort())
  }

  const wanted = {
    lightfoot_events_accepted_total: 60,
    lightfoot_dedup_hits_total: 1,
    lightfoot_insert_rows_total: 55,
    lightfoot_spool_group_records_sum: 12,
    lightfoot_time_to_durable_seconds_count: 12,
    lightfoot_insert_failures_total: 0,
    lightfoot_database_open: 1,
    lightfoot_build_info: 1,
  }
  const seen = Object.fromEntries(Object.keys(wanted).map(name => [name, sumOf(families, name)]))
  expect(seen).toEqual(wanted)
  expect(text).toContain('lightfoot_events_dropped_total{reason="duplicate"} 5')
})

/** Everything that a label may say; a new one has to be thought of here. */
const closed: Readonly<Record<string, (value: string) => boolean>> = {
  route: value =>
    ['/v1/events', '/v1/consent', '/v1/consent/:id/proof', '/privacy', '/healthz', '/readyz'].includes(
      value,
    ) || ['/lightfoot.js', '/t', '/demo', 'other'].includes(value),
  status: value => /^[2-5]\d\d$/.test(value),
  reason: value => [...cutReasons, ...dropReasons].some(reason => reason === value),
  notice: value => noticeList.some(notice => notice === value),
  process: value => ['acceptor', 'acceptor-1', 'acceptor-2', 'engine', 'supervisor'].includes(value),
  kind: value => ['unavailable', 'refused', 'other'].includes(value),
  le: value => /^(?:[\d.]+|\+Inf)$/.test(value),
  version: value => /^\d+\.\d+\.\d+$/.test(value),
  node: value => value === process.versions.node,
}

test('after hostile requests every label is from a closed list, and more of them make no more series', async () => {
  const series = async () => {
    // Told every second, and passed on every second.
    await sleep(2500)
    const text = await scrape()
    expect(text).not.toContain(marker)
    return readMetrics(text).families.flatMap(({ samples }) => samples)
  }
  await hostile()
  const first = await series()
  for (const { labels } of first)
    for (const [name, value] of Object.entries(labels))
      expect([name, value, closed[name]?.(value)]).toContain(true)
  await hostile()
  const second = await series()
  expect(second.map(seriesOf).sort()).toEqual(first.map(seriesOf).sort())
  expect(second.length).toBeLessThan(300)
})

/** A bit of everything that a request can choose, with something new in each. */
async function hostile(): Promise<void> {
  const strange = () => `${marker}-${randomBytes(6).toString('hex')}`
  const methods = ['GET', 'POST', 'PUT', 'PURGE', 'PROPFIND', 'OPTIONS', 'HEAD', 'DELETE']
  const paths = [
    () => `/${strange()}`,
    () => `/t/${strange()}/lightfoot.js`,
    () => `/v1/consent/${strange()}/proof`,
    () => `/v1/${strange()}?site=${strange()}`,
    () => `/v1/events/${strange()}`,
    () => `/%ff/${strange()}`,
    () => '/v1/events',
    () => '/V1/EVENTS/',
    () => `/demo/${strange()}`,
    () => `//${strange()}`,
    () => `/readyz?${strange()}`,
  ]
  const bodies = [
    () => strange(),
    () => JSON.stringify({ ...sampleBatch('shop', origin), site: strange() }),
    () => JSON.stringify({ ...sampleBatch('shop', origin), [strange()]: 1 }),
    () =>
      JSON.stringify({
        ...sampleBatch('shop', origin),
        consent: { level: 'granted', purposes: 1, policy: 1, signal: 'default', receipt: `v1.${strange()}` },
      }),
  ]
  for (const method of methods)
    for (const path of paths)
      for (const body of method === 'POST' ? bodies : bodies.slice(0, 1))
        await ask(method, path(), method === 'GET' || method === 'HEAD' ? '' : body(), {
          host: strange(),
          origin: `https://${strange()}.example`,
          'user-agent': strange(),
          'content-type': method === 'PUT' ? strange() : 'text/plain',
          'x-forwarded-for': strange(),
          'x-forwarded-host': strange(),
          cookie: strange(),
        })
}

function ask(method: string, path: string, body: string, headers: Record<string, string>): Promise<void> {
  const { hostname, port } = new URL(product.publicUrl)
  return new Promise(resolve => {
    const asked = request({ host: hostname, port, method, path, headers }, response => {
      response.resume()
      response.on('end', resolve)
    })
    // Some are cut off, which is right.
    asked.on('error', () => resolve())
    asked.end(body)
  })
}

function isThere(role: 'acceptor' | 'engine'): boolean {
  const { acceptors, engine } = product.pids()
  return role === 'engine' ? engine !== undefined : acceptors.length > 0
}

test('no counter falls when acceptors and the engine are killed under load', async () => {
  let isRunning = true
  const load = async () => {
    while (isRunning) await send().catch(() => {})
  }
  const highest = new Map<string, number>()
  const falls: string[] = []
  const watch = async () => {
    while (isRunning) {
      const { families } = readMetrics(await scrape().catch(() => '\n'))
      for (const { type, samples } of families.filter(family => family.type !== 'gauge')) {
        for (const sample of samples) {
          const series = seriesOf(sample)
          const before = highest.get(series) ?? 0
          // Sums are added up in another order when a process has died.
          if (sample.value < before - 1e-9 * before)
            falls.push(`${type} ${series} ${before} → ${sample.value}`)
          highest.set(series, Math.max(before, sample.value))
        }
      }
      await sleep(50)
    }
  }
  const running = [load(), load(), watch()]
  for (const role of ['engine', 'acceptor', 'engine'] as const) {
    // Told every second: each has told something.
    await sleep(1300)
    // On a busy machine it may not be back yet, and who is not there cannot be killed.
    await expect.poll(() => isThere(role), patient).toBe(true)
    product.kill(role)
  }
  const restarts = () => highest.get('lightfoot_process_restarts_total{process="engine"}')
  await expect.poll(restarts, patient).toBe(2)
  const before = highest.get('lightfoot_events_accepted_total{}') ?? 0
  await expect.poll(() => highest.get('lightfoot_events_accepted_total{}'), patient).toBeGreaterThan(before)
  isRunning = false
  await Promise.all(running)
  expect(falls).toEqual([])
})
