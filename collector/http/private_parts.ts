// What the private listener stands on; serve/engine.ts makes it. It listens before the database is open, so that status
// and metrics can be read while the database is away; what needs the database answers `engine_away` until then.

import type { Config } from '../config/config.ts'
import type { FoldProgress, FoldStep } from '../fold/folder.ts'
import type { CallCounts, CallList, CallTold } from '../imports/import_calls.ts'
import type { Replayed } from '../load/replay.ts'
import type { Store } from '../store/store.ts'
import type { TrackerFiles } from './tracker_files.ts'

export type Fold = (from: string, to: string, tell: (line: FoldProgress | FoldStep) => void) => Promise<void>

/** Rows that were set aside are offered to the database again: of these loads, or of all. */
export type Replay = (
  loads: readonly number[] | undefined,
  onReplayed: (replayed: Replayed) => void,
) => Promise<void>

/** A list of calls; one at a time, the next waits. */
export type ImportCalls = (list: CallList, tell: (told: CallTold) => void) => Promise<CallCounts>

/** What is there once the database is open, migrated and recovered. */
export type Database = {
  readonly store: Store
  readonly foldDays: Fold
  readonly replay: Replay
  readonly importCalls: ImportCalls
  migrations(): Promise<unknown>
}

export type PrivateParts = {
  config(): Config
  now(): number
  database(): Database | undefined
  /** As on the public listener. */
  lagSeconds(): number | null
  /** Everything of /api/status. */
  status(): Promise<Readonly<Record<string, unknown>>>
  /** Prometheus text of all processes. */
  metrics(): Promise<string>
  readonly publicUrl: string
  readonly tracker: TrackerFiles
  readonly dashboardDirectory: string
  /** Bearer token, when one is set. */
  readonly token: string | undefined
  /** The host that the listener was told to bind; it may be named in Host. */
  readonly host: string
  logError(error: unknown, where: string): void
}
