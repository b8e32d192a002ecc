// Segments → one insert, once. A load's manifest is durable before its insert; after a crash the load is counted in the
// database, and made again and inserted only if it is not there. Loads go one after the other: a manifest is only written
// when the load before it is in and its days are marked for folding, so only the newest is ever in doubt, except after a
// start of the machine (earlier_boots.ts).
//
//   gather ▸ manifest ▸ insert ▸ onLoaded(days, load) ▸ segments that are done are removed
//
// While the database is away nothing moves and nothing is lost: the spool grows, and the loader tries again for ever.

import { mkdir } from 'node:fs/promises'
import type { DropCounts } from '../../contract/drop_reasons.ts'
import { firstLoad } from '../pipeline/row_columns.ts'
import { readBootId } from '../spool/boot_id.ts'
import { errorCode } from '../spool/files.ts'
import { createdMsOf, segmentHeaderBytes } from '../spool/segment.ts'
import { type Store, StoreError } from '../store/store.ts'
import { type BatchWindow, createBatchWindow } from './batch_window.ts'
import { type Confirmed, readConfirmed, writeConfirmed } from './confirmed.ts'
import { type KeptManifest, keptManifest, pruneManifests, removeSegments } from './consumed.ts'
import { countLostBefore, findLoads, isDoubtful } from './earlier_boots.ts'
import { createGatherer, type Gathered, type Gatherer, type UnreadableSegment } from './gather.ts'
import { decodeHashes, type Manifest, progressOf, readManifests } from './manifest.ts'
import { loadBytes } from './rebuild.ts'
import { rejectedLoads } from './rejects.ts'
import { type LoadStep, type Pending, type Settled, settleLoad } from './settle.ts'

export type LoaderOptions = {
  readonly store: Store
  readonly spoolDirectory: string
  readonly loadsDirectory: string
  readonly rejectsDirectory: string
  now(): number
  /** Of the machine; another one than a load's means that the machine was started since. */
  readonly bootId?: string
  /** Milliseconds of a clock that nobody sets, for pauses and ages. */
  steadyNow?(): number
  /** A load is made from so many rows on … */
  readonly minRows?: number
  /** … or when its first record was read so long ago, … */
  readonly maxAgeMs?: number
  /** … and never of more than these. */
  readonly maxRows?: number
  readonly maxBytes?: number
  /** Marks the days of a load for folding; has to be durable when it resolves, and harmless when repeated. */
  onLoaded(days: string[], load: number): Promise<void>
  /** What whoever runs this should know, each thing once: a line without data. */
  note?(line: string): void
  /** Called after each step of a load. Tests end the process here. */
  onStep?(step: LoadStep, load: number): void
}

export type Loader = {
  /** Settles the load that a crash left in doubt. Resolves also when the database is away: `tick` goes on with it. */
  recover(): Promise<void>
  /** One step forward: true when a load was made, so that the caller comes again at once. Never rejects. */
  tick(): Promise<boolean>
  status(): LoaderStatus
}

export type LoaderStatus = {
  readonly state: 'starting' | 'idle' | 'gathering' | 'loading' | 'retrying'
  /** Number of the last load that is complete, 0 before the first. */
  readonly lastLoad: number
  /** Since this process started. */
  readonly loads: number
  readonly rows: number
  readonly drops: DropCounts
  /** Batches left out as repeats. */
  readonly duplicateBatches: number
  readonly quarantinedSegments: number
  /**
   * Loads that were neither in the database nor whole in the spool: what is there, if anything, was loaded anew. Those whose
   * manifests are gone are counted too, when the database came back older than they are.
   */
  readonly voidLoads: number
  readonly badManifests: number
  /** Segments of a newer format or with rows of a newer version: left alone. */
  readonly newerSegments: readonly string[]
  /** Segments that the disk does not give, and why; they stay, the others go on, and they are tried again. */
  readonly unreadableSegments: readonly UnreadableSegment[]
  readonly batchesRemembered: number
  readonly batchesForgottenEarly: number
  /** Rows gathered, not yet loaded. */
  readonly waitingRows: number
  /**
   * Clock of the latest moment up to which everything acknowledged is in the database; segments that only a newer Lightfoot
   * can read are left out. Undefined until the spool was read once.
   */
  readonly loadedUntil: number | undefined
  /** What stands in the way now; never holds a person's data. */
  readonly problem:
    | { readonly message: string; readonly attempts: number; readonly since: number }
    | undefined
}

/**
 * The more waits, the larger the load: it is made after two seconds, or of so many rows. An insert costs 20 ms however few
 * rows it has, and small parts are merged more often: of 25,000 rows a load with its merges costs 10.3 µs of CPU a row, of
 * 50,000 8.4, of 100,000 7.4, of 200,000 (in 64 MiB) 7.2; the memory for it 110, 190, 250 and 420 MiB.
 */
const loadRows = 100_000

const retryMsMin = 250
const retryMsMax = 30_000

export function createLoader(options: LoaderOptions): Loader {
  const { store, spoolDirectory, loadsDirectory, now, steadyNow = now } = options
  const { bootId = readBootId(), onStep = () => {}, note = () => {} } = options
  const { minRows = loadRows, maxRows = loadRows, maxAgeMs = 2000, maxBytes = 32 * 1024 * 1024 } = options
  const parts = { ...options, onStep }

  /** Read at the start; undefined again once the loader goes on by itself. */
  let found: Manifest[] | undefined
  /** As an earlier process left it. */
  let confirmed: Confirmed | undefined
  /** Loads that were looked for because the machine was started since, by what came of it. */
  const doubted = new Map<number, Settled>()
  let pending: Pending | undefined
  let gatherer: Gatherer | undefined
  let window: BatchWindow = createBatchWindow()
  let kept: KeptManifest[] = []
  let lastLoad = 0
  let confirmedLoad = 0
  let notedUnreadable = new Set<string>()
  let isBusy = false
  let retryAt = Number.NEGATIVE_INFINITY
  let loadedUntil: number | undefined
  let problem: { message: string; attempts: number; since: number } | undefined
  const counts = {
    loads: 0,
    rows: 0,
    duplicateBatches: 0,
    quarantinedSegments: 0,
    badManifests: 0,
  }
  /** By number, so that a start that is tried again counts none twice. */
  const voidLoads = new Set<number>()
  let lostBefore = 0
  const drops = { duplicate: 0, refused_row: 0 }

  async function attempt(work: () => Promise<boolean>): Promise<boolean> {
    if (isBusy || steadyNow() < retryAt) return false
    isBusy = true
    try {
      const didSomething = await work()
      problem = undefined
      return didSomething
    } catch (error) {
      const attempts = (problem?.attempts ?? 0) + 1
      problem = { message: describe(error), attempts, since: problem?.since ?? now() }
      retryAt = steadyNow() + Math.min(retryMsMax, retryMsMin * 2 ** Math.min(attempts - 1, 10))
      return false
    } finally {
      isBusy = false
    }
  }

  async function start(): Promise<Gatherer> {
    found ??= await readFound()
    if (pending) found[found.length - 1] = await settle(pending)
    found = await settleEarlierBoots(found)
    const next = await goOnBehind(found)
    await confirm()
    found = undefined
    gatherer = next
    return gatherer
  }

  async function readFound(): Promise<Manifest[]> {
    await mkdir(spoolDirectory, { recursive: true, mode: 0o700 })
    const { manifests, bad } = await readManifests(loadsDirectory)
    confirmed = await readConfirmed(loadsDirectory)
    counts.badManifests += bad.length
    const newest = manifests.at(-1)
    if (newest && newest.rows > 0) pending = foundLoad(newest, { isFollowed: false })
    return manifests
  }

  async function settleEarlierBoots(manifests: readonly Manifest[]): Promise<Manifest[]> {
    const { present, missing } = await findLoads(store, manifests.slice(0, -1).filter(isInDoubt))
    for (const { days, load } of present) {
      await options.onLoaded([...days], load)
      if (!doubted.has(load)) doubted.set(load, 'found')
    }
    const settled = new Map<number, Manifest>()
    for (const manifest of missing)
      settled.set(manifest.load, await settle(foundLoad(manifest, { isFollowed: true })))
    const [oldest] = manifests
    const outcomes = [...doubted.values()]
    const isAllLost = outcomes.length > 0 && !outcomes.includes('found')
    lostBefore = oldest && isAllLost ? await countLostBefore(store, oldest) : 0
    noteLost(outcomes)
    return manifests.map(manifest => settled.get(manifest.load) ?? manifest)
  }

  function isInDoubt(manifest: Manifest): boolean {
    return confirmed !== undefined && isDoubtful(manifest, { bootId, confirmed, now: now() })
  }

  /** A load whose manifest was found, to be looked for in the database. */
  function foundLoad(manifest: Manifest, { isFollowed }: { isFollowed: boolean }): Pending {
    const isOfEarlierBoot = isInDoubt(manifest)
    const rejectsCounted = manifest.rejected.length
    return { manifest, load: undefined, step: 'check', rejectsCounted, isOfEarlierBoot, isFollowed }
  }

  /** All loads are settled, so the manifests are the truth. */
  async function goOnBehind(manifests: readonly Manifest[]): Promise<Gatherer> {
    const [row] = await store.query<{ newest: string }>('select max(load) as newest from events')
    // Rows that were set aside keep their number, should all else be gone.
    const setAside = (await rejectedLoads(options.rejectsDirectory)).at(-1) ?? 0
    lastLoad = Math.max(firstLoad - 1, Number(row?.newest ?? 0), manifests.at(-1)?.load ?? 0, setAside)
    kept = manifests.map(keptManifest)
    window = createBatchWindow()
    for (const { ranges } of manifests) {
      for (const { segment, hashes } of ranges) {
        for (const hash of decodeHashes(hashes)) window.add(hash, createdMsOf(segment))
      }
    }
    const next = createGatherer({ directory: spoolDirectory, window, now, steadyNow, maxRows, maxBytes })
    next.restore(progressOf(manifests, segmentHeaderBytes))
    return next
  }

  async function step(): Promise<boolean> {
    const from = gatherer ?? (await start())
    if (pending) return await finish(from, pending)
    await confirm()
    await from.read()
    noteUnreadable(from.unreadable())
    await removeFinished(from)
    const current = from.current()
    if (!current) {
      loadedUntil = from.readUntil()
      return false
    }
    const isOld = steadyNow() - current.startedAt >= maxAgeMs
    if (!current.isFull && current.rows < minRows && !isOld) return false
    const gathered = from.take()
    if (!gathered) return false
    drops.duplicate += gathered.duplicates
    for (const { skipped } of gathered.ranges) counts.duplicateBatches += skipped.length
    pending = pendingLoad(gathered)
    return await finish(from, pending)
  }

  function pendingLoad({ ranges, received, rowVersion, bytes }: Gathered): Pending {
    const number = lastLoad + 1
    const load = loadBytes({ load: number, rowVersion }, bytes)
    const { rows, crc32, days } = load
    const manifest = { load: number, received, rowVersion, rows, crc32, days, rejected: [], ranges, bootId }
    return { manifest, load, step: 'manifest', rejectsCounted: 0 }
  }

  async function finish(from: Gatherer, load: Pending): Promise<boolean> {
    const manifest = await settle(load)
    kept.push(keptManifest(manifest))
    lastLoad = manifest.load
    loadedUntil = from.readUntil()
    await confirm()
    await removeFinished(from)
    return true
  }

  async function settle(load: Pending): Promise<Manifest> {
    const settled = await settleLoad(load, parts)
    pending = undefined
    const { manifest, rejectsCounted } = load
    drops.refused_row += Math.max(0, manifest.rejected.length - rejectsCounted)
    // One that was under way when the machine went down was never in the database.
    const wasIn = settled === 'gone' || manifest.load <= (confirmed?.load ?? 0) || load.isFollowed
    if (load.isOfEarlierBoot && wasIn) doubted.set(manifest.load, settled)
    // Segments go when their load is confirmed, and confirmed loads stay, unless all their rows were erased or the machine
    // was started since.
    if (settled === 'void' || (settled === 'gone' && load.isOfEarlierBoot)) voidLoads.add(manifest.load)
    if (settled === 'loaded') {
      counts.loads++
      counts.rows += manifest.rows
    }
    onStep('complete', manifest.load)
    return manifest
  }

  /** For whoever asks the files what waits, and for the next start. */
  async function confirm(): Promise<void> {
    if (confirmedLoad === lastLoad) return
    await writeConfirmed(loadsDirectory, { load: lastLoad, bootId })
    confirmedLoad = lastLoad
  }

  /** The database's files came back older than the spool's: what of that could be mended, and what could not. */
  function noteLost(outcomes: readonly Settled[]): void {
    const again = outcomes.filter(outcome => outcome === 'loaded').length
    const lost = lostBefore + outcomes.filter(outcome => outcome === 'gone' || outcome === 'void').length
    if (again + lost === 0) return
    const mended = `${again} loads that were in it before are loaded again from the spool`
    const gone = `${lost} at most are not whole in the spool any more and are lost, in whole or in part`
    note(`the database came back older after a start of the machine: ${mended}, ${gone}`)
  }

  function noteUnreadable(segments: readonly UnreadableSegment[]): void {
    for (const { segment, code } of segments) {
      if (!notedUnreadable.has(segment))
        note(
          `segment ${segment} cannot be read (${code}): it stays in the spool and is tried again, the others go on`,
        )
    }
    notedUnreadable = new Set(segments.map(({ segment }) => segment))
  }

  async function removeFinished(from: Gatherer): Promise<void> {
    const finished = from.finished()
    if (finished.length === 0) return
    await removeSegments(spoolDirectory, finished)
    for (const { segment, isDamaged } of finished) {
      from.forget(segment)
      if (isDamaged) counts.quarantinedSegments++
    }
    if (kept.length > 0) {
      kept = await pruneManifests(loadsDirectory, spoolDirectory, kept, window)
    }
  }

  function state(): LoaderStatus['state'] {
    if (problem) return 'retrying'
    if (!gatherer) return 'starting'
    if (pending) return 'loading'
    return gatherer.current() ? 'gathering' : 'idle'
  }

  return {
    async recover() {
      await attempt(async () => {
        if (!gatherer) await start()
        return true
      })
    },
    tick: () => attempt(step),
    status: () => ({
      ...counts,
      state: state(),
      lastLoad: lastLoad < firstLoad ? 0 : lastLoad,
      drops: { ...drops },
      voidLoads: voidLoads.size + lostBefore,
      newerSegments: gatherer?.newer() ?? [],
      unreadableSegments: gatherer?.unreadable() ?? [],
      batchesRemembered: window.size(),
      batchesForgottenEarly: window.forgottenEarly(),
      waitingRows: gatherer?.current()?.rows ?? 0,
      loadedUntil,
      problem,
    }),
  }
}

/** Messages of a StoreError and codes of the system are free of data; any other error says only what kind it is. */
function describe(error: unknown): string {
  if (error instanceof StoreError) return error.message
  return errorCode(error) || (error instanceof Error ? error.name : 'unknown error')
}
