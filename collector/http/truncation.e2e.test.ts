// The table of client addresses through the real public listener of the built product: each case is a granted batch, whose
// stored prefix is read from the raw rows once the product has stopped. Three products: one that trusts loopback as its
// proxy, one that trusts a private network too, and one that trusts nobody and so must not believe any header.

import { mkdtempSync, rmSync } from 'node:fs'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { BatchConsent } from '../../contract/events.ts'
import { purposeSet } from '../../contract/purposes.ts'
import { type AddressCase, addressCases } from '../../tools/testing/address_cases.ts'
import { askRows, readAllTables } from '../../tools/testing/ask_database.ts'
import { type Product, startProduct } from '../../tools/testing/product.ts'
import { sampleAgent, sampleBatch } from '../../tools/testing/sample_batch.ts'
import { type Hit, searchFor } from '../../tools/testing/search_bytes.ts'
import { sendRequest } from '../../tools/testing/send_request.ts'
import { untilFolded } from '../../tools/testing/wait_until.ts'

const origin = 'https://www.example.com'
const site = { id: 'shop', origins: [origin], mode: 'exempt', policy: 1, minimumGroup: 1 }
const loopback = ['127.0.0.1', '::1']

/** A real peer is on loopback, so the cases of other sockets are left to client_address.test.ts. */
const reachable = addressCases.filter(({ socket }) => socket === undefined || socket === '127.0.0.1')
const isTrusting = ({ trusted = loopback }: AddressCase) => trusted.some(cidr => cidr.startsWith('127.'))
const hasPrivate = ({ trusted = loopback }: AddressCase) => trusted.includes('10.0.0.0/8')

const hasVersion6 = Object.values(networkInterfaces())
  .flat()
  .some(address => address?.address === '::1')

type Setting = {
  readonly name: string
  readonly env: Readonly<Record<string, string>>
  readonly cases: readonly AddressCase[]
  wanted(address: AddressCase): string
}

const settings: readonly Setting[] = [
  {
    name: 'loopback is a trusted proxy',
    env: { LIGHTFOOT_TRUST_PROXY: loopback.join(',') },
    cases: reachable.filter(address => isTrusting(address) && !hasPrivate(address)),
    wanted: ({ wantedPrefix }) => wantedPrefix,
  },
  {
    name: 'loopback and a private network are trusted',
    env: { LIGHTFOOT_TRUST_PROXY: '127.0.0.0/8,10.0.0.0/8' },
    cases: reachable.filter(address => isTrusting(address) && hasPrivate(address)),
    wanted: ({ wantedPrefix }) => wantedPrefix,
  },
  {
    // On a socket of both families the peer is ::ffff:127.0.0.1.
    name: 'nobody is trusted, so the header says nothing',
    env: hasVersion6 ? { LIGHTFOOT_HOST: '::' } : {},
    cases: reachable,
    wanted: () => '127.0.0.0',
  },
]

test('the real listener is asked about at least 60 addresses', () => {
  expect(settings[0]?.cases.length).toBeGreaterThanOrEqual(60)
  expect(settings[1]?.cases.length).toBeGreaterThanOrEqual(2)
})

// Side by side: much of it is waiting for the loader and for processes to start.
test.concurrent.for(settings)(
  '$name: every case is stored by its prefix, and no full address is anywhere',
  { timeout: 120_000 },
  async ({ env, cases, wanted }, { onTestFinished }) => {
    const folder = mkdtempSync(join(tmpdir(), 'lightfoot-truncation-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const product = await startProduct({
      folder,
      config: { sites: [site] },
      env: { LIGHTFOOT_LOG_LEVEL: 'debug', ...env },
    })
    onTestFinished(product.stop)
    const consent = await grantStatistics(product)
    for (const [index, address] of cases.entries()) await send(product, consent, index, address)
    await untilFolded(product)
    await product.stop()

    const rows = await askRows<{ path: string; prefix: string; consent: string }>(
      product.dataDirectory,
      'select path, prefix, consent from events',
    )
    const stored = new Map(rows.map(({ path, prefix }) => [path, prefix]))
    const told = cases.map((address, index) => `${address.name}: ${stored.get(`/case/${index}`)}`)
    expect(told).toEqual(cases.map(address => `${address.name}: ${wanted(address)}`))
    expect(rows.length).toBe(cases.length)
    expect(new Set(rows.map(row => row.consent))).toEqual(new Set(['granted']))

    const search = searchFor(fullAddresses)
    const tables = await readAllTables(product.dataDirectory)
    const hits = [
      ...[...tables].flatMap(([table, content]) => search.bytes(table, content)),
      ...search.directory(product.dataDirectory),
      ...search.text('log', product.output()),
    ]
    expect(hits.filter(hit => !isAlike(hit))).toEqual([])
  },
)

async function grantStatistics(product: Product): Promise<BatchConsent> {
  const sent = await sendRequest(`${product.publicUrl}/v1/consent`, {
    method: 'POST',
    headers: { 'content-type': 'text/plain', origin },
    body: JSON.stringify({ site: 'shop', policy: 1, choice: 'grant', purposes: ['statistics'] }),
  })
  expect(sent.status, sent.body).toBe(201)
  const { receipt } = JSON.parse(sent.body)
  return { level: 'granted', purposes: purposeSet(['statistics']), policy: 1, signal: 'choice', receipt }
}

async function send(
  product: Product,
  consent: BatchConsent,
  index: number,
  { forwardedFor = [] }: AddressCase,
): Promise<void> {
  const headers = {
    'content-type': 'text/plain',
    origin,
    'user-agent': sampleAgent,
    ...(forwardedFor.length === 0 ? {} : { 'x-forwarded-for': asBytes(forwardedFor) }),
  }
  const body = JSON.stringify({ ...sampleBatch('shop', origin, 1, `/case/${index}`), consent })
  const sent = await sendRequest(`${product.publicUrl}/v1/events`, { method: 'POST', headers, body })
  expect(sent.status, sent.body).toBe(202)
  expect(JSON.parse(sent.body)).toEqual({ accepted: 1, dropped: {} })
}

/** Headers are bytes: what is no ASCII goes out as UTF-8. */
function asBytes(value: string | readonly string[]): string | string[] {
  const bytes = (text: string) => Buffer.from(text, 'utf8').toString('latin1')
  return typeof value === 'string' ? bytes(value) : value.map(bytes)
}

/** Without its colons 2001:db8::1 is written like the prefix 2001:db8:1::. */
function isAlike({ needle, spelling }: Hit): boolean {
  return spelling === 'without marks' && needle.includes(':')
}

/** Shorter ones, and those of which a prefix is the beginning, would be found by chance. */
const lengthMin = 9

/** All that stands in the headers of the table, entry by entry, but for this machine's own address. */
const fullAddresses: readonly string[] = [
  ...new Set(
    addressCases
      .flatMap(({ forwardedFor = [] }) => (typeof forwardedFor === 'string' ? [forwardedFor] : forwardedFor))
      .flatMap(list => list.split(',').map(entry => entry.trim()))
      .filter(entry => entry.length >= lengthMin && !/^127\.|^(\d:)+\d$/.test(entry))
      .filter(entry => !addressCases.some(({ wantedPrefix }) => wantedPrefix.includes(entry))),
  ),
  'cb00:714d',
]
