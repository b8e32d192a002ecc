import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { limits } from '../../contract/limits.ts'
import {
  everyPurpose,
  grant,
  ingestEvents,
  makeClient,
  type Said,
  siteOrigin,
} from '../../tools/testing/pipeline.ts'
import { batchSteps, pageSteps, permitSteps } from './ingest.ts'
import { rowVersion } from './row_columns.ts'

test('the steps and their order are the specification', () => {
  const names = [permitSteps, batchSteps, pageSteps].map(steps => steps.map(step => step.name).join(' ▸ '))
  expect(names).toEqual([
    'dropObjected ▸ settleConsent ▸ dropBots ▸ dropServerOnly ▸ dropForeignUrls ▸ dropWithoutCell',
    'putOrigin ▸ putAddress ▸ putAgent ▸ putScreen ▸ putLanguage',
    'putUrl ▸ putGroup',
  ])
})

const events: Said[] = [
  { type: 'pageview', title: 'Hello' },
  { type: 'hover', target: 'menu', ms: 300 },
  { type: 'click', kind: 'button' },
]

test('one batch becomes rows, a count of what was lost, and the numbers that its record is known by', () => {
  const ingested = ingestEvents(events)
  expect(ingested).toMatchObject({
    rowCount: 2,
    accepted: 2,
    rowVersion,
    subjectTag: 0n,
    dropped: { not_permitted: 1 },
    notices: [],
  })
  expect(ingested.read.map(({ type, seq }) => [type, seq])).toEqual([
    ['pageview', '0'],
    ['click', '2'],
  ])
  expect(ingested.batchHash).toBeGreaterThan(0n)
})

test('a retry has the same rows and the same hash, whatever the page’s clock says then', () => {
  const first = ingestEvents(events)
  const retry = ingestEvents(events, {
    receivedAt: Date.UTC(2025, 5, 15, 12, 34, 58),
    batch: { sent: 101_211 },
  })
  expect(retry.batchHash).toBe(first.batchHash)
  expect(retry.read.map(row => row.time)).toEqual(first.read.map(row => row.time))
  expect(ingestEvents(events, { batch: { batch: 'batchidbatchidbatchid1' } }).batchHash).not.toBe(
    first.batchHash,
  )
})

test('a batch of which nothing is left has no bytes', () => {
  const ingested = ingestEvents(events, { objected: true })
  expect(ingested).toMatchObject({
    rowCount: 0,
    accepted: 0,
    subjectTag: 0n,
    shard: 0,
    dropped: { objected: 3 },
  })
  expect(ingested.rows).toHaveLength(0)
})

test('rows of one visitor are on one shard, rows without a visitor are spread by page', () => {
  const shardOf = (given: Parameters<typeof ingestEvents>[1]) => ingestEvents(events, given).shard
  const otherPage = [{ id: 'pageidpage1', url: `${siteOrigin}/` }]
  expect(shardOf({})).toBe(shardOf({ batch: { pages: otherPage } }))
  expect(shardOf({})).not.toBe(shardOf({ client: makeClient('5.2.128.78') }))
  const nobody = makeClient('')
  expect(shardOf({ client: nobody })).not.toBe(shardOf({ client: nobody, batch: { pages: otherPage } }))
})

test('the fullest batch: sixty events of sixty pages', () => {
  const pages = Array.from({ length: limits.pagesMax }, (_, index) => ({
    id: `pageidpage${index.toString(36)}`.slice(-11),
    url: `${siteOrigin}/${'a'.repeat(2000)}${index}`,
  }))
  const many = pages.map((_, page): Said => ({ type: 'pageview', page, title: 'x'.repeat(limits.titleMax) }))
  const { accepted, read } = ingestEvents(many, { batch: { pages, consent: grant(everyPurpose) } })
  expect(accepted).toBe(60)
  expect(new Set(read.map(row => row.page)).size).toBe(60)
})

const folder = import.meta.dirname
const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter(name => name.endsWith('.ts') && !name.endsWith('.test.ts'))
  .map(name => ({ name, text: readFileSync(join(folder, name), 'utf8') }))

test('each stage is made in one place only', () => {
  const makers = (stage: string) =>
    sources.filter(({ text }) => text.includes(`as ${stage}\n`)).map(({ name }) => name)
  expect(makers('Permitted')).toEqual([join('permit', 'permit.ts')])
  // A call that is imported was no request: what it must not keep, its caller's number, ends in a file of its own.
  expect(
    sources
      .filter(({ text }) => /as (unknown as )?Anonymous\b/.test(text))
      .map(({ name }) => name)
      .sort(),
  ).toEqual([join('anonymise', 'anonymise.ts'), 'imported_call.ts'])
})

test('is pure: no clock, no chance, no environment, no disk, no network, nothing to wait for', () => {
  for (const { name, text } of sources) {
    const code = text.replace(/^\s*(\/\/|\*|\/\*).*$/gm, '')
    expect(code, name).not.toMatch(
      /Date\.now|new Date\(\)|Math\.random|randomBytes|process\.|node:(fs|net|http|os)|\bfetch\(|\bawait\b|\basync\b|console\./,
    )
  }
})
