// Makes what an acceptor stands on, from the data directory and the package: keys, receipts, ledger, look-ups, metrics.

import { randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { ConfigError } from '../config/config.ts'
import { packageRoot } from '../config/package_root.ts'
import { type AcceptorMetrics, createAcceptorMetrics } from '../http/acceptor_metrics.ts'
import { createClientHead, parseTrusted } from '../http/client_address.ts'
import { createCountry } from '../http/country.ts'
import type { PublicParts } from '../http/public_parts.ts'
import type { TrackerFiles } from '../http/tracker_files.ts'
import { createParseAgent } from '../pipeline/parse_agent.ts'
import { createDayKeys, type DayKeys } from '../privacy/day_keys.ts'
import { createLedger } from '../privacy/ledger.ts'
import { createReceipts, type Receipts } from '../privacy/receipts.ts'
import { errorCode } from '../spool/files.ts'
import { createSpoolQuota, type SpoolQuota } from '../spool/quota.ts'
import { openSpoolWriter, type SpoolWriter } from '../spool/writer.ts'
import { keyLifetimeMs } from './day_key_lifetime.ts'
import { createErrorLog } from './error_log.ts'
import { createLog } from './log.ts'
import type { ChildStart } from './messages.ts'
import { steadyNow } from './steady_now.ts'

export type AcceptorParts = {
  readonly parts: Omit<PublicParts, 'config' | 'lagSeconds'>
  readonly writer: SpoolWriter
  readonly quota: SpoolQuota
  readonly dayKeys: DayKeys
}

export async function acceptorParts(start: ChildStart, tracker: TrackerFiles): Promise<AcceptorParts> {
  const { settings, slot, isDemo } = start
  const within = (name: string) => join(settings.dataDirectory, name)
  const quota = await openQuota(within('spool'))
  const metrics = createAcceptorMetrics()
  const writer = await openWriter(start, within('spool'), quota, metrics)
  const dayKeys = createDayKeys({
    directory: within('keys/day'),
    keepMs: keyLifetimeMs(start),
    now: Date.now,
    steadyNow,
  })
  const receipts = openReceipts(settings.dataDirectory)
  const parts: AcceptorParts['parts'] = {
    now: Date.now,
    lookups: {
      dayKey: dayKeys.dayKey,
      processKey: randomBytes(32),
      parseAgent: createParseAgent(),
      checkReceipt: receipts.check,
    },
    clientHead: createClientHead({ trusted: parseTrusted(settings.trustProxy), country: createCountry() }),
    append: writer.append,
    isReady: writer.isReady,
    receipts,
    ledger: createLedger({ directory: within('ledger'), slot }),
    tracker,
    metrics,
    demoDirectory: isDemo ? join(packageRoot(), 'examples/demo') : undefined,
    logError: createErrorLog(createLog(settings, `acceptor-${slot}`), Date.now),
  }
  return { parts, writer, quota, dayKeys }
}

/** Its key is made at the first start. Later ones find it, also on a full disk, and answer 503 until there is room. */
function openReceipts(dataDirectory: string): Receipts {
  try {
    return createReceipts({ directory: join(dataDirectory, 'keys') })
  } catch (error) {
    if (errorCode(error) !== 'ENOSPC') throw error
    throw new ConfigError(
      `the disk of ${dataDirectory} has no room for a first start: make room, or set LIGHTFOOT_DATA`,
    )
  }
}

/** It has looked at the disk once, so that the first request finds it knowing. */
async function openQuota(directory: string): Promise<SpoolQuota> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const quota = createSpoolQuota({ directory, now: Date.now })
  await quota.refresh()
  return quota
}

function openWriter(
  { slot, bootId }: ChildStart,
  directory: string,
  { allow }: SpoolQuota,
  { grouped: onGroup }: AcceptorMetrics,
): Promise<SpoolWriter> {
  return openSpoolWriter({
    directory,
    slot,
    pid: process.pid,
    bootId,
    now: Date.now,
    steadyNow,
    allow,
    onGroup,
  })
}
