// What the writer of one acceptor has done, and how full the spool is, read when it is asked for.

import { Gauge, type Registry } from 'prom-client'
import type { SpoolQuota } from '../spool/quota.ts'
import type { SpoolWriter, SpoolWriterStats } from '../spool/writer.ts'
import { addTotal } from './add_metrics.ts'

const figures = [
  ['records', 'lightfoot_spool_records_total', 'Records made durable.'],
  ['bytes', 'lightfoot_spool_written_bytes_total', 'Bytes made durable.'],
  ['groups', 'lightfoot_spool_groups_total', 'Groups of records made durable by one write each.'],
  ['failedGroups', 'lightfoot_spool_failed_groups_total', 'Groups that could not be written durably.'],
  ['rejected', 'lightfoot_spool_refused_records_total', 'Records that were not made durable; answered 503.'],
  ['segmentsOpened', 'lightfoot_spool_opened_segments_total', 'Segments begun.'],
] as const satisfies readonly (readonly [keyof SpoolWriterStats, string, string])[]

export function addSpoolMetrics(registry: Registry, writer: SpoolWriter, quota: SpoolQuota): void {
  new Gauge({
    name: 'lightfoot_spool_quota_used_ratio',
    help: 'Share of its quota that the spool takes: 0.7 warns, from 0.85 events are refused.',
    registers: [registry],
    // All acceptors see the same spool.
    aggregator: 'max',
    collect() {
      this.set(quota.usedShare())
    },
  })
  for (const [figure, name, help] of figures) {
    addTotal(registry, name, help, () => writer.stats()[figure])
  }
}
