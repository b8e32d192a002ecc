// What the public listener stands on; serve/acceptor.ts makes it once, tests make it from the same real parts.

import type { IncomingMessage } from 'node:http'
import type { Config } from '../config/config.ts'
import type { Lookups } from '../pipeline/stages.ts'
import type { Ledger } from '../privacy/ledger.ts'
import type { Receipts } from '../privacy/receipts.ts'
import type { NewRecord } from '../spool/record.ts'
import type { AcceptorMetrics } from './acceptor_metrics.ts'
import type { ClientHead } from './client_address.ts'
import type { TrackerFiles } from './tracker_files.ts'

export type PublicParts = {
  /** The configuration of now: SIGHUP exchanges it. */
  config(): Config
  now(): number
  readonly lookups: Lookups
  /** At the head of a request, before its body is read. */
  clientHead(request: IncomingMessage): ClientHead
  /** Resolves once the record is durable. */
  append(record: NewRecord): Promise<void>
  /** Can it append durably? */
  isReady(): boolean
  /** How long ago was the moment up to which everything acknowledged is in the database; null before that is known. */
  lagSeconds(): number | null
  readonly receipts: Receipts
  readonly ledger: Ledger
  readonly tracker: TrackerFiles
  readonly metrics: AcceptorMetrics
  /** Folder of the demo site's pages, when it is served. */
  readonly demoDirectory: string | undefined
  /** An unexpected error, without anything of the request. */
  logError(error: unknown, where: string): void
}
