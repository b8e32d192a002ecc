// What the writer of one acceptor has done, as counters that are read when they are asked for.

import { Gauge, type Registry } from 'prom-client'
import type { SpoolQuota } from '../spool/quota.ts'
import type { SpoolWriter, SpoolWriterStats } from '../spool/writer.ts'
import { addTotal } from './add_metrics.ts'

const figures = [
  ['records', 'lightfoot_spool_records_total', 'Records made durable.'],
  ['bytes', 'lightfoot_spool_written_bytes_total', 'Bytes made durable.'],
  [
    'groups',
    'lightfoot_spool_groups_total',
    'Groups of records committed by one fdatasync; records by groups is the group size.',
  ],
  [
    'rejected',
    'lightfoot_spool_rejected_total',
    'Records that could not be made durable and were answered 503.',
  ],
  ['segmentsOpened', 'lightfoot_spool_segments_total', 'Segments begun.'],
] as const satisfies readonly (readonly [keyof SpoolWriterStats, string, string])[]

/** `name` is `acceptor-1` …: each sees the same spool, so a sum of their shares would mean nothing. */
export function addSpoolMetrics(
  registry: Registry,
  name: string,
  writer: SpoolWriter,
  quota: SpoolQuota,
): void {
  new Gauge({
    name: 'lightfoot_spool_quota_used_ratio',
    help: 'Share of its quota that the spool takes, as each acceptor sees it: 0.7 warns, from 0.85 events are refused.',
    labelNames: ['process'],
    registers: [registry],
    collect() {
      this.set({ process: name }, quota.usedShare())
    },
  })
  for (const [figure, name, help] of figures) {
    addTotal(registry, name, help, () => writer.stats()[figure])
  }
}
