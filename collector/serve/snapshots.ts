// Counters of processes that died must not vanish: the sum over all processes would go down, and Prometheus would read a
// reset. So the last figures of a dead process are added to those of the dead before it. Gauges die with their process.

import { AggregatorRegistry } from 'prom-client'
import type { Snapshot } from './messages.ts'

type Metric = { readonly type: string }

/** `retired` and the dead one's counters and histograms, as one snapshot. At once, so that no sum in between is without them. */
export function retire(retired: Snapshot, dead: Snapshot): Snapshot {
  const lasting = dead.filter(metric => (metric as Metric).type !== 'gauge')
  return JSON.parse(JSON.stringify(aggregate([retired, lasting]).getMetricsAsArray()))
}

/** The Prometheus text of all processes together. */
export function sumText(snapshots: readonly Snapshot[]): Promise<string> {
  return aggregate(snapshots).metrics()
}

function aggregate(snapshots: readonly Snapshot[]) {
  return AggregatorRegistry.aggregate(snapshots.map(snapshot => [...snapshot]))
}
