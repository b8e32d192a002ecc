// What the supervisor and its children say to each other over IPC. Everything is plain data.

import type { Config, Settings } from '../config/config.ts'
import type { Progress } from './lag.ts'

/** prom-client's `getMetricsAsJSON()` of one process. */
export type Snapshot = readonly unknown[]

export type ChildStart = {
  readonly settings: Settings
  readonly config: Config
  readonly isDemo: boolean
  /** No other site than the demo's, and none can come. */
  readonly isDemoOnly: boolean
  /** Number of an acceptor, from 1; 0 for the engine. */
  readonly slot: number
  readonly bootId: string
  /** Address of the public listener as this machine's browser opens it. */
  readonly publicUrl: string
}

export type ToChild =
  | { readonly kind: 'start'; readonly start: ChildStart }
  | { readonly kind: 'config'; readonly config: Config }
  /** To the engine: the counters of all other processes. */
  | { readonly kind: 'snapshots'; readonly snapshots: readonly Snapshot[] }
  | { readonly kind: 'progress'; readonly progress: Progress }
  | { readonly kind: 'stop' }

export type FromChild =
  /** The child runs and waits for `start`. */
  | { readonly kind: 'hello' }
  | { readonly kind: 'listening'; readonly port: number }
  /** The engine's database is open, migrated and recovered. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'metrics'; readonly snapshot: Snapshot }
  /** Of the engine: see Progress. */
  | { readonly kind: 'loaded'; readonly until: number }
  /** Of an acceptor: see Progress. */
  | { readonly kind: 'acknowledged'; readonly at: number }
  /** It cannot work with this configuration or installation; one line that says why and what to do. */
  | { readonly kind: 'refused'; readonly message: string }
