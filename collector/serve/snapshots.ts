// Counters of processes that died must not vanish: the sum over all processes would go down, and Prometheus would read a
// reset. So the last figures of a dead process are added to those of the dead before it. Gauges die with their process.

import { AggregatorRegistry } from 'prom-client'
import type { Snapshot } from './messages.ts'

type Metric = { readonly type: string }

/** `retired` and the dead one's counters and histograms, as one snapshot. */
export async function retire(retired: Snapshot, dead: Snapshot): Promise<Snapshot> {
  const lasting = dead.filter(metric => (metric as Metric).type !== 'gauge')
  const sum = AggregatorRegistry.aggregate([[...retired], [...lasting]])
  return JSON.parse(JSON.stringify(await sum.getMetricsAsJSON()))
}

/** The Prometheus text of all processes together. */
export function sumText(snapshots: readonly Snapshot[]): Promise<string> {
  return AggregatorRegistry.aggregate(snapshots.map(snapshot => [...snapshot])).metrics()
}
