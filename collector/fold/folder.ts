// Folds dirty days: raw rows into the rollups that reports read. The loader marks days, the engine gives it turns. It never
// runs beside an insert (the engine's turns see to that), so one step reads one state of the rows; a day that gets rows
// between two steps is marked again, and folded again.

import { type Store, StoreError } from '../store/store.ts'
import { type DayProgress, type RollupMonths, replaceDay, stageDay } from './fold_day.ts'
import { openFoldJournal } from './fold_journal.ts'
import { createFreshness } from './freshness.ts'
import { createPace } from './pace.ts'
import { countLateRows, isOldDay, listRawDays, lookAtDay } from './raw_days.ts'
import { fingerprint, readRollups } from './rollup_files.ts'
import { makeStaging, type Staging } from './staging.ts'

export type FolderOptions = {
  readonly store: Store
  /** Where the journal lies: data/fold. */
  readonly directory: string
  readonly rollupsDirectory: string
  now(): number
  /** Milliseconds of a clock that nobody sets, for pacing and durations. */
  steadyNow?(): number
  /** Of the configuration, asked anew for every day that is folded. */
  rollupMonths?(): RollupMonths
  /** One more day is folded, and so long it took. */
  onFolded?(ms: number): void
  /** Raw rows that are folded in one piece; the memory that this takes depends on them. */
  readonly sliceRows?: number
}

export type FoldProgress = {
  readonly day: string
  readonly done: number
  readonly days: number
  /** Not folded: its raw rows have begun to expire, so they no longer say what the rollups say. */
  readonly isLate: boolean
}

/** Of a day that is being folded; `step` of `steps`. */
export type FoldStep = DayProgress & { readonly day: string }

export type FoldHow = {
  onProgress?(progress: FoldProgress): void
  onStep?(progress: FoldStep): void
  /**
   * Runs each step, so that others have their turn in between. Given where the product runs; without it, the fold takes all
   * cores.
   */
  turn?<T>(step: () => Promise<T>): Promise<T>
}

export type FoldStatus = {
  /** Waiting to be folded, the longest waiting first. */
  readonly dirtyDays: readonly string[]
  readonly folding: string | null
  /** Since the start of this process. */
  readonly foldedDays: number
  readonly foldMs: number
  readonly lastFoldMs: number
  /** Rows that came after their day's raw rows had begun to expire; no report counts them. */
  readonly lateRows: number
}

export type Folder = {
  /** Finishes what a crash left half done. Before any report is served. */
  recover(): Promise<void>
  /**
   * After a load, with its days and its number. A day whose raw rows have begun to expire is not marked; the load's rows of
   * that day are counted as late.
   */
  markDirty(days: readonly string[], load: number): Promise<void>
  /** At most one step, of a second or two at most. False: nothing to do, or a rest is due. */
  tick(): Promise<boolean>
  /** Folds all dirty days now, without rests. */
  foldDirty(): Promise<void>
  /** Folds days again, both ends included, without rests. One call at a time. */
  foldDays(from: string, to: string, how?: FoldHow): Promise<void>
  status(): FoldStatus
}

/**
 * At most a fifth of the engine's time. After a rest, what takes three seconds or less need not wait: several tiny days at a
 * third of a second each, so that reports are fresh soon after a load. Loads get their turns in between.
 */
const pacing = { share: 0.2, burstMs: 3000 }
const sliceRowsDefault = 1_500_000

/** The embedded engine shares its cores with the acceptors, a server has its own. */
const threadsBesideAcceptors = { embedded: 1, server: 0 } as const

/** Ends with whether the day was folded. */
type Steps = AsyncGenerator<DayProgress, boolean, undefined>

export function createFolder(options: FolderOptions): Folder {
  const { store, now, steadyNow = now } = options
  const rollups = readRollups(options.rollupsDirectory)
  const journal = openFoldJournal(options.directory)
  const pace = createPace({ now: steadyNow, ...pacing })
  const freshness = createFreshness(steadyNow)
  const counts = { foldedDays: 0, foldMs: 0, lastFoldMs: 0, lateRows: 0 }
  const threadsBeside = threadsBesideAcceptors[store.kind]
  let staging: Staging | undefined
  /** While whole days are folded, ticks wait: there is one set of staging tables. */
  let isAlone = false
  /** The fold that ticks go on with. */
  let current: { readonly day: string; readonly steps: Steps; workMs: number } | undefined

  async function* foldSteps(day: string, threads: number): Steps {
    // After an error, not a crash: the staging tables still hold what could not be put in place.
    const unfinished = journal.folding()
    if (unfinished !== null) await finishReplacing(unfinished)
    journal.begin(day)
    const raw = await lookAtDay(store, day, now())
    if (raw.isWhole) {
      staging ??= await makeStaging(store, rollups)
      const { sliceRows = sliceRowsDefault } = options
      const months = options.rollupMonths?.() ?? {}
      yield* stageDay({ store, rollups, staging, day, raw, sliceRows, months, threads })
      await journal.setFolding(day)
      await replaceDay(store, rollups, day)
      await journal.setFolding(null)
    }
    await journal.unmark(day)
    return raw.isWhole
  }

  async function finishReplacing(day: string): Promise<void> {
    // The staging tables were complete when the journal was written, so this needs no raw rows.
    const fits = await replaceDay(store, rollups, day).then(() => true, isMisfit)
    await journal.mark([day])
    await journal.setFolding(null)
    if (fits) return
    staging = await makeStaging(store, rollups)
    await foldNow(day)
  }

  /** All steps at once. Drops what ticks had begun: its day is still dirty. */
  async function foldNow(day: string, { turn = atOnce, onStep }: FoldHow = {}): Promise<boolean> {
    const startedAt = steadyNow()
    const steps = foldSteps(day, turn === atOnce ? 0 : threadsBeside)
    let step = await turn(() => {
      current = undefined
      return steps.next()
    })
    while (!step.done) {
      onStep?.({ day, ...step.value })
      step = await turn(() => steps.next())
    }
    if (step.value) count(day, steadyNow() - startedAt)
    return step.value
  }

  function count(day: string, ms: number): void {
    freshness.folded(day, ms)
    counts.foldedDays += 1
    counts.foldMs += ms
    counts.lastFoldMs = ms
    options.onFolded?.(ms)
  }

  return {
    async recover() {
      const unfinished = journal.folding()
      if (unfinished !== null) await finishReplacing(unfinished)
      staging = await makeStaging(store, rollups)
      // Also where there is no journal at all: a new data directory on a database that has rows.
      if (journal.rollups() !== fingerprint(rollups)) {
        await journal.mark(await listRawDays(store))
        await journal.setRollups(fingerprint(rollups))
      }
    },
    async markDirty(days, load) {
      const whole: string[] = []
      let lateRows = 0
      for (const day of days) {
        if (!isOldDay(day, now()) || (await lookAtDay(store, day, now())).isWhole) whole.push(day)
        else lateRows += await countLateRows(store, day, load)
      }
      await journal.mark(whole)
      freshness.marked(whole)
      // Last, because what fails before is tried again as a whole.
      counts.lateRows += lateRows
    },
    async tick() {
      if (isAlone || !pace.mayWork()) return false
      const day = current?.day ?? journal.dirtyDays().find(freshness.isDue)
      if (day === undefined) return false
      current ??= { day, steps: foldSteps(day, threadsBeside), workMs: 0 }
      const { steps } = current
      const startedAt = steadyNow()
      const step = await steps.next().catch(error => {
        current = undefined
        throw error
      })
      pace.worked(startedAt)
      current.workMs += steadyNow() - startedAt
      if (!step.done) return true
      if (step.value) count(day, current.workMs)
      current = undefined
      return true
    },
    async foldDirty() {
      for (let day = journal.dirtyDays()[0]; day !== undefined; day = journal.dirtyDays()[0])
        await foldNow(day)
    },
    async foldDays(from, to, how = {}) {
      isAlone = true
      try {
        const known = new Set([...(await listRawDays(store)), ...journal.dirtyDays()])
        const days = [...known].filter(day => day >= from && day <= to).sort()
        for (const [index, day] of days.entries()) {
          const isFolded = await foldNow(day, how)
          how.onProgress?.({ day, done: index + 1, days: days.length, isLate: !isFolded })
        }
      } finally {
        isAlone = false
      }
    },
    status: () => ({ dirtyDays: journal.dirtyDays(), folding: current?.day ?? journal.folding(), ...counts }),
  }
}

function atOnce<T>(step: () => Promise<T>): Promise<T> {
  return step()
}

/** A migration since the crash has changed a rollup, so that its staging table no longer fits, or there is none: false. */
function isMisfit(error: unknown): boolean {
  const unknownTable = 60
  if (error instanceof StoreError && (error.kind === 'refused' || error.clickhouseCode === unknownTable))
    return false
  throw error
}
