// What the writer of one acceptor has done, as counters that are read when they are asked for.

import type { Registry } from 'prom-client'
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

export function addSpoolMetrics(registry: Registry, writer: SpoolWriter): void {
  for (const [figure, name, help] of figures) {
    addTotal(registry, name, help, () => writer.stats()[figure])
  }
}
