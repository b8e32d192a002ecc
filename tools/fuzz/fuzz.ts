// A run: the real product, generated requests over many connections at once, each answer judged, and at the end the sums:
// accepted, counted and stored are the same number, no process has died, and nothing that was planted is anywhere.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Watch, watchProcess } from '../faults/abuse/watch_process.ts'
import { type Product, startProduct } from '../testing/product.ts'
import { waitUntil } from '../testing/wait_until.ts'
import { type Answer, createClient } from './client.ts'
import { createGrammar } from './grammar.ts'
import { createJudge } from './judge.ts'
import { plantSearch, searchStored, storedEvents, told } from './leaks.ts'
import { bytesOf, type FuzzRequest } from './request.ts'
import { askGrants, config } from './sites.ts'

export type FuzzOptions = {
  readonly requests: number
  readonly seed: number
  /** The first index. */
  readonly from?: number
  onProgress?(done: number): void
  /** Of the one request that was asked for. */
  onAnswer?(request: FuzzRequest, answers: readonly Answer[]): void
}

export type Fuzzed = {
  readonly requests: number
  readonly seconds: number
  readonly statuses: ReadonlyMap<string, number>
  readonly kinds: ReadonlyMap<string, number>
  /** Of the collector's answers, sorted; every hundredth at most. */
  readonly latenciesMs: readonly number[]
  readonly accepted: number
  readonly dropped: number
  readonly stored: number
  /** Resident memory of acceptor and engine: at the start, after each tenth of the requests, at the end. */
  readonly residentMb: readonly (readonly [acceptor: number, engine: number])[]
  /** Of acceptor and engine while requests were sent, by request. */
  readonly processorUs: readonly [acceptor: number, engine: number]
  readonly problems: readonly string[]
}

const connections = 48
const problemsMax = 50

export async function fuzz(options: FuzzOptions): Promise<Fuzzed> {
  const folder = mkdtempSync(join(tmpdir(), 'lightfoot-fuzz-'))
  const product = await startProduct({
    folder,
    config,
    env: { LIGHTFOOT_TRUST_PROXY: '127.0.0.0/8', LIGHTFOOT_LOG_LEVEL: 'debug' },
  })
  try {
    return await run(product, options)
  } finally {
    await product.stop()
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

async function run(
  product: Product,
  { requests, seed, from = 0, onProgress, onAnswer }: FuzzOptions,
): Promise<Fuzzed> {
  const request = createGrammar(seed, await askGrants(product.publicUrl))
  const search = plantSearch()
  const judge = createJudge(search)
  const statuses = new Map<string, number>()
  const kinds = new Map<string, number>()
  const latenciesMs: number[] = []
  const problems: string[] = []
  const residentMb: [number, number][] = [resident(product)]
  let [next, done, accepted, dropped] = [from, 0, 0, 0]
  const watches = watchesOf(product)
  const startMs = performance.now()

  const complain = (index: number, kind: string, what: string) => {
    if (problems.length < problemsMax) problems.push(`--seed ${seed} --only ${index} (${kind}): ${what}`)
  }

  async function speak(): Promise<void> {
    const client = createClient(Number(new URL(product.publicUrl).port))
    while (next < from + requests && problems.length < problemsMax) {
      const made = request(next++)
      const sentMs = performance.now()
      const answers = await client
        .send(made)
        .catch((error: Error) => complain(made.index, made.kind, error.message))
      if (made.index % 100 === 0) latenciesMs.push(performance.now() - sentMs)
      if (answers === undefined) continue
      const verdict = judge(made, answers)
      accepted += verdict.accepted
      dropped += verdict.dropped
      for (const problem of verdict.problems) complain(made.index, made.kind, problem)
      count(kinds, made.kind)
      for (const { status } of answers) count(statuses, String(status))
      if (answers.length === 0) count(statuses, 'closed')
      onAnswer?.(made, answers)
      if (++done % Math.ceil(requests / 10) === 0) residentMb.push(resident(product))
      onProgress?.(done)
    }
    client.close()
  }

  await Promise.all(Array.from({ length: Math.min(connections, requests) }, speak))
  const seconds = (performance.now() - startMs) / 1000
  const processorUs = watches.map(watch => Math.round((watch.cpuMs() * 1000) / done)) as [number, number]
  await untilLoaded(product, 60_000 + requests)
  await foldAll(product)
  residentMb.push(resident(product))
  problems.push(...(await wrongMetrics(product, accepted)))
  await product.stop()

  const stored = await storedEvents(product.dataDirectory)
  if (stored !== accepted) problems.push(`${accepted} events were accepted, ${stored} are stored`)
  problems.push(...(await searchStored(product.dataDirectory, search)))
  problems.push(...told(search.text('log', product.output())), ...badLines(product.output()))
  latenciesMs.sort((a, b) => a - b)
  return {
    requests: done,
    seconds,
    statuses,
    kinds,
    latenciesMs,
    accepted,
    dropped,
    stored,
    residentMb,
    processorUs,
    problems,
  }
}

/** One request of a run by itself, and its answers. */
export async function fuzzOne(seed: number, index: number): Promise<string> {
  let shown = ''
  const onAnswer = (request: FuzzRequest, answers: readonly Answer[]) => {
    const told = answers.map(({ head, body }) => `${head}\n\n${body}`)
    shown = `${request.kind}, wanted ${JSON.stringify(request.wanted)}\n\n${bytesOf(request).toString('latin1')}\n\n${told.join('\n\n')}`
  }
  const { problems } = await fuzz({ requests: 1, seed, from: index, onAnswer })
  return [shown, ...problems].join('\n')
}

function resident(product: Product): [number, number] {
  return watchesOf(product).map(watch => Math.round(watch.residentMb())) as [number, number]
}

/** Of acceptor and engine. Their peaks are not asked for, so they need not watch. */
function watchesOf(product: Product): Watch[] {
  const { acceptors, engine } = product.pids()
  return [acceptors[0], engine].flatMap(pid => {
    if (pid === undefined) return []
    const watch = watchProcess(pid)
    watch.stop()
    return [watch]
  })
}

function untilLoaded({ adminUrl }: Product, timeoutMs: number): Promise<void> {
  const isLoaded = async () => {
    const status = (await (await fetch(`${adminUrl}/api/status`)).json()) as Status
    return status.spool.bytes === 0 && status.load?.state === 'idle'
  }
  return waitUntil('everything is loaded', isLoaded, timeoutMs)
}

type Status = { spool: { bytes: number }; load: { state: string } | null }

/** All days at once and unpaced, so that rollups are searched too: an event is of the last 72 hours, in some time zone. */
async function foldAll({ adminUrl }: Product): Promise<void> {
  const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10)
  const answer = await fetch(`${adminUrl}/api/fold`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ from: day(-5), to: day(1) }),
  })
  const lines = (await answer.text()).trim().split('\n')
  if (!lines.at(-1)?.includes('"finished":true')) throw new Error(`the days are not folded: ${lines.at(-1)}`)
}

async function wrongMetrics(product: Product, accepted: number): Promise<string[]> {
  const text = await (await fetch(`${product.adminUrl}/metrics`)).text()
  const sum = (name: string) =>
    [...text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'gm'))].reduce(
      (all, [, value]) => all + Number(value),
      0,
    )
  const wanted: readonly [string, number][] = [
    ['lightfoot_events_accepted_total', accepted],
    ['lightfoot_process_restarts_total', 0],
    ['lightfoot_rejected_rows', 0],
    ['lightfoot_dedup_hits_total', 0],
  ]
  return wanted.flatMap(([name, value]) =>
    sum(name) === value ? [] : [`${name} is ${sum(name)}, wanted ${value}`],
  )
}

/** An error in the log is one that nobody expected. */
export function badLines(log: string): string[] {
  return log.split('\n').filter(line => /"level":[56]0/.test(line))
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}
