// lightfoot demo: lets the demo site be visited, through the public HTTP API like any site, so that its reports are worth
// looking at.

import type { CAC } from 'cac'
import type { DropCounts, DropReason } from '../../contract/drop_reasons.ts'
import type { PurposeSet } from '../../contract/purposes.ts'
import { isLoopback } from '../config/network_names.ts'
import { readSettings } from '../config/settings.ts'
import { dataOwner } from '../serve/data_lock.ts'
import { CommandError, UsageError } from './command_error.ts'
import { type DemoClient, demoClient } from './demo_client.ts'
import { grantedSets } from './demo_people.ts'
import { makeTraffic, type TrafficPlan } from './demo_traffic.ts'
import { type Flags, textFlag } from './flags.ts'
import { createProgress, type Progress } from './progress.ts'

const visitsByDefault = 2000
const visitsMax = 100_000
const seedMax = 2 ** 32 - 1
/** Visits under way at the same time: enough to keep the collector's group commit busy, few enough to leave it room. */
const concurrency = 8

type Tally = {
  visits: number
  batches: number
  events: number
  accepted: number
  readonly dropped: DropCounts
}

export function demo(cli: CAC): void {
  cli
    .command(
      'demo',
      'Visit the demo site of a running "lightfoot serve --demo", as if over the last 72 hours',
    )
    .option('--visits <n>', `How many visits (default: ${visitsByDefault})`)
    .option('--url <url>', 'The collector, on this machine (default: the one that runs on LIGHTFOOT_DATA)')
    .option('--seed <s>', 'Repeats the visits of an earlier run (default: new ones)')
    .example('lightfoot demo')
    .example('lightfoot demo --visits 200 --seed 7')
    .action(visitDemo)
}

async function visitDemo(flags: Flags): Promise<void> {
  const visits = wholeFlag(flags, 'visits', visitsByDefault, 1, visitsMax)
  const seed = wholeFlag(flags, 'seed', Date.now() % seedMax, 0, seedMax)
  const { origin, dashboard } = await addresses(textFlag(flags, 'url'))
  const client = demoClient(origin)
  const policy = await client.policy()
  const receipts = await takeReceipts(client, policy)
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
  const progress = createProgress(process.stderr, {
    label: 'visits',
    total: visits,
    now: performance.now.bind(performance),
  })
  const plan = { visits, seed, now: Date.now(), origin, timezone: timeZone, policy, receipts }
  const tally = await sendTraffic(client, plan, progress)
  console.log(summary(tally, seed, dashboard))
}

/** The collector to visit, and the dashboard to look at afterwards. */
async function addresses(url: string | undefined): Promise<{ origin: string; dashboard: string }> {
  const settings = readSettings(process.env)
  const running = url === undefined ? await dataOwner(settings.dataDirectory) : undefined
  const origin = originOf(url ?? (running?.publicUrl || `http://127.0.0.1:${settings.port}`))
  return { origin, dashboard: running?.adminUrl || `http://127.0.0.1:${settings.adminPort}` }
}

/** Made-up visits belong into a demo only, so nothing but this machine is visited. */
function originOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new UsageError('--url is the address of a collector such as http://127.0.0.1:8080')
  }
  if (isLoopback(url.hostname.replace(/^\[|\]$/g, ''))) return url.origin
  throw new CommandError(`${url.host} is not this machine: the demo visits a collector on loopback only`)
}

/** One receipt for each set of purposes: it is equal for all who choose alike. */
async function takeReceipts(client: DemoClient, policy: number): Promise<Map<PurposeSet, string>> {
  const receipts = new Map<PurposeSet, string>()
  for (const purposes of grantedSets) receipts.set(purposes, await client.receipt(purposes, policy))
  return receipts
}

async function sendTraffic(client: DemoClient, plan: TrafficPlan, progress: Progress): Promise<Tally> {
  const tally: Tally = { visits: 0, batches: 0, events: 0, accepted: 0, dropped: {} }
  const traffic = makeTraffic(plan)
  // All workers draw from the one generator; a visit's batches go one after another, as from one page.
  const worker = async () => {
    for (let visit = traffic.next(); visit.done !== true; visit = traffic.next()) {
      for (const request of visit.value) {
        const { accepted, dropped } = await client.send(request)
        tally.batches++
        tally.events += request.batch.events.length
        tally.accepted += accepted
        addDropped(tally.dropped, dropped)
      }
      progress.update(++tally.visits)
    }
  }
  try {
    await Promise.all(Array.from({ length: concurrency }, worker))
  } finally {
    progress.end()
  }
  return tally
}

function addDropped(sum: DropCounts, dropped: DropCounts): void {
  for (const [reason, count] of Object.entries(dropped)) {
    sum[reason as DropReason] = (sum[reason as DropReason] ?? 0) + count
  }
}

function summary(
  { visits, batches, events, accepted, dropped }: Tally,
  seed: number,
  dashboard: string,
): string {
  const number = (value: number) => value.toLocaleString('en')
  const reasons = Object.entries(dropped).map(([reason, count]) => `${number(count)} ${reason}`)
  return [
    `  sent        ${number(events)} events of ${number(visits)} visits, in ${number(batches)} batches (seed ${seed})`,
    `  accepted    ${number(accepted)}`,
    `  dropped     ${reasons.length === 0 ? 'none' : reasons.join(', ')}`,
    `  dashboard   ${dashboard}/ counts them within a few seconds`,
  ].join('\n')
}

function wholeFlag(flags: Flags, name: string, otherwise: number, min: number, max: number): number {
  const text = textFlag(flags, name)
  if (text === undefined) return otherwise
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= min && value <= max) return value
  throw new UsageError(`--${name} is a whole number from ${min} to ${max}`)
}
