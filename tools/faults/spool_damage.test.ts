// Fault: what lies in the data directory is damaged, in all ways at once. A real product is killed while much waits, its
// files are torn, flipped, emptied, lost, copied; and one start later every report counts exactly what could be read, the
// rest is where docs/operate.md says, and events are taken and stored as ever.

import {
  appendFileSync,
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { decodeRecords } from '../../collector/spool/record_codec.ts'
import { segmentHeaderBytes } from '../../collector/spool/segment.ts'
import { askRows } from '../testing/ask_database.ts'
import { isReady, type Product, startProduct } from '../testing/product.ts'
import { postBatch, sampleBatch } from '../testing/sample_batch.ts'
import { untilFolded, waitUntil } from '../testing/wait_until.ts'

const origin = 'https://www.example.com'
const site = { id: 'shop', origins: [origin], mode: 'exempt', policy: 1, minimumGroup: 1 }

let folder: string
let product: Product

const within = (name: string) => join(folder, 'data', name)
const segments = () =>
  readdirSync(within('spool'))
    .filter(file => /\.(seg|open)$/.test(file))
    .sort()
const manifests = () =>
  readdirSync(within('loads'))
    .filter(file => file.endsWith('.json'))
    .sort()
const status = async () => (await fetch(`${product.adminUrl}/api/status`)).json()

/** Batches of one page view each; answers come once they are durable. */
async function visit(path: string, batches: number): Promise<void> {
  for (let batch = 0; batch < batches; batch++) {
    const response = await postBatch(product.publicUrl, origin, sampleBatch('shop', origin, 1, path))
    expect(response.status).toBe(202)
  }
}

/** The segment is sealed by the supervisor, and the next acceptor begins another. Gives its name. */
async function endSegment(): Promise<string> {
  const sealed = segments().filter(file => file.endsWith('.seg')).length
  product.kill('acceptor')
  await waitUntil(
    'the segment is sealed',
    () => segments().filter(file => file.endsWith('.seg')).length > sealed,
  )
  await waitUntil('an acceptor is back', () => isReady(product.publicUrl))
  return segments().findLast(file => file.endsWith('.seg')) ?? ''
}

async function views(): Promise<Record<string, number>> {
  const rows = await product.report('pages', 'shop')
  return Object.fromEntries(rows.map(row => [String(row.path ?? row.page), Number(row.views)]))
}

/** The lines of `spool verify`: what it says of each file. */
async function verify(): Promise<{ exit: number | null; states: Record<string, string>; stderr: string }> {
  const { status: exit, stdout, stderr } = await product.cli(['spool', 'verify'])
  const lines = [...stdout.matchAll(/^(\w+) +((?:spool|loads|rejects)\/\S+)/gm)]
  return { exit, stderr, states: Object.fromEntries(lines.map(([, state = '', file = '']) => [file, state])) }
}

function flipInside(file: string, recordNumber: number): void {
  const bytes = readFileSync(file)
  const { records } = decodeRecords(bytes.subarray(segmentHeaderBytes), segmentHeaderBytes)
  const { offset, end } = records[recordNumber]!
  bytes[(offset + end) >> 1]! ^= 0xff
  writeFileSync(file, bytes)
}

const names = { loaded: '', whole: '', flipped: '', cut: '', torn: '' }
let lost = ''

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lightfoot-damage-'))
  product = await startProduct({ folder, config: { sites: [site] } })
})
afterAll(async () => {
  product?.kill('all')
  await product?.stop()
  rmSync(folder, { recursive: true, force: true })
})

test('much waits, and everything is killed', async () => {
  // One batch, so that it is one load.
  await visit('/loaded', 1)
  await untilFolded(product)
  expect(await views()).toEqual({ '/loaded': 1 })
  product.kill('engine', 'SIGSTOP')
  await visit('/waits-behind-loaded', 2)
  names.loaded = await endSegment()
  await visit('/whole', 4)
  names.whole = await endSegment()
  await visit('/flipped', 5)
  names.flipped = await endSegment()
  await visit('/cut', 4)
  names.cut = await endSegment()
  await visit('/torn', 3)
  names.torn = segments().findLast(file => file.endsWith('.open')) ?? ''
  product.kill('all')
  await product.ended()
  expect(segments()).toEqual(Object.values(names))
  expect(manifests()).toHaveLength(1)
  const sound = await verify()
  expect(sound).toMatchObject({ exit: 0, stderr: '' })
  expect(new Set(Object.values(sound.states))).toEqual(new Set(['whole']))
})

test('verify names each damage', async () => {
  const spool = (name: string) => join(within('spool'), name)
  flipInside(spool(names.flipped), 2)
  // A sealed file that has lost its end, in the middle of its last record.
  writeFileSync(spool(names.cut), readFileSync(spool(names.cut)).subarray(0, -7))
  // What was being written when the power went.
  appendFileSync(
    spool(names.torn),
    readFileSync(spool(names.whole)).subarray(segmentHeaderBytes, segmentHeaderBytes + 99),
  )
  writeFileSync(spool('1700000000000-1-4194998.open'), '')
  writeFileSync(spool('1700000000001-1-4194998.seg'), '')
  const newer = readFileSync(spool(names.whole))
  newer.writeUInt16LE(2, 8)
  writeFileSync(spool('1700000000002-1-4194998.seg'), newer)
  // The manifest of what is loaded: lost, and there again under the number of another.
  lost = manifests()[0] ?? ''
  const another = lost.replace(/\d{3}\.json$/, '900.json')
  copyFileSync(join(within('loads'), lost), join(folder, 'backup.json'))
  renameSync(join(within('loads'), lost), join(within('loads'), another))
  writeFileSync(join(within('loads'), lost.replace(/\d{3}\.json$/, '901.json')), '{"load":')

  const { exit, states, stderr } = await verify()
  expect(exit).toBe(1)
  expect(stderr).toMatch(/^lightfoot: 5 files are damaged/)
  expect(states).toEqual({
    'spool/1700000000000-1-4194998.open': 'torn',
    'spool/1700000000001-1-4194998.seg': 'damaged',
    'spool/1700000000002-1-4194998.seg': 'newer',
    [`spool/${names.loaded}`]: 'whole',
    [`spool/${names.whole}`]: 'whole',
    [`spool/${names.flipped}`]: 'damaged',
    [`spool/${names.cut}`]: 'damaged',
    [`spool/${names.torn}`]: 'torn',
    [`loads/${another}`]: 'damaged',
    [`loads/${lost.replace(/\d{3}\.json$/, '901.json')}`]: 'damaged',
  })
})

/** All that could be read: one record was flipped, one was cut. What was loaded before is loaded again, and counted once. */
const readable = {
  '/loaded': 1,
  '/waits-behind-loaded': 2,
  '/whole': 4,
  '/flipped': 4,
  '/cut': 3,
  '/torn': 3,
}

test('one start later everything that can be read is in the reports, once, and new events are taken', async () => {
  product = await startProduct({ folder, config: { sites: [site] } })
  await visit('/after', 2)
  await untilFolded(product)
  expect(await views()).toEqual({ ...readable, '/after': 2 })
  expect(readdirSync(join(within('spool'), 'quarantine')).sort()).toEqual(
    ['1700000000001-1-4194998.seg', names.flipped, names.cut].sort(),
  )
  const left = segments()
  expect(left.filter(file => file.endsWith('.seg'))).toEqual(['1700000000002-1-4194998.seg'])
  // The one that is being written now.
  expect(left).toHaveLength(2)
})

test('status, verify and /metrics say what lies aside', async () => {
  const { load, spool } = (await status()) as Record<'load' | 'spool', Record<string, unknown>>
  expect(spool).toMatchObject({ quarantined: 3, rejects: 0 })
  expect(load).toMatchObject({
    ...{ state: 'idle', quarantinedSegments: 3, badManifests: 2, voidLoads: 0 },
    newerSegments: ['1700000000002-1-4194998'],
  })
  const printed = await product.cli(['spool', 'status'])
  expect(printed.stdout).toMatch(/^quarantine +3 damaged segments$/m)
  const { exit, states } = await verify()
  expect(exit).toBe(0)
  const aside = Object.keys(states).filter(file => states[file] === 'aside')
  expect(aside.filter(file => file.startsWith('spool/quarantine/'))).toHaveLength(3)
  expect(aside.filter(file => file.endsWith('.json.bad'))).toHaveLength(2)
  expect(states['spool/1700000000002-1-4194998.seg']).toBe('newer')
  const metrics = await (await fetch(`${product.adminUrl}/metrics`)).text()
  expect(metrics).toMatch(/^lightfoot_spool_quarantined_segments 3$/m)
  expect(metrics).toMatch(/^lightfoot_spool_newer_segments 1$/m)
})

test('new events are taken and stored, also with an old manifest brought back from a backup', async () => {
  await product.stop()
  copyFileSync(join(folder, 'backup.json'), join(within('loads'), lost))
  product = await startProduct({ folder, config: { sites: [site] } })
  await visit('/after', 2)
  await untilFolded(product)
  expect(await views()).toEqual({ ...readable, '/after': 4 })
  const { load } = (await status()) as { load: Record<string, unknown> }
  expect(load).toMatchObject({ state: 'idle', voidLoads: 0, badManifests: 0 })
})

test('each event is there, and only those whose manifest was lost repeat in raw rows', async () => {
  await product.stop()
  const [row] = await askRows(
    join(folder, 'data'),
    'select count() as rows, uniqExact(site, page, seq) as events from events',
  )
  const events = Object.values(readable).reduce((sum, count) => sum + count, 4)
  expect(row).toEqual({ rows: String(events + readable['/loaded']), events: String(events) })
})
