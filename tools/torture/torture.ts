// `kill -9` at random instants under load, round after round: of an acceptor, the engine, the supervisor, or all. After each
// round the sums of what was acknowledged and of what is stored must be equal, in raw rows and in every rollup. Real
// processes and real signals; the seed says which instants and targets were drawn, the machine does the rest.

import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createRandom, type Random } from '../../collector/commands/demo_random.ts'
import { askDatabase } from '../testing/ask_database.ts'
import { freePorts } from '../testing/free_ports.ts'
import { isReady, type Product, type Role, startProduct } from '../testing/product.ts'
import { askEngine, probeEnv } from './ask_engine.ts'
import { config } from './batches.ts'
import { ledgerDifferences } from './ledger_entries.ts'
import { type Moment, moments, untilMoment } from './moments.ts'
import { differences, questions, type Stored, storedSums } from './sums.ts'
import { type TortureLoad, tortureLoad } from './torture_load.ts'
import { isAtRest, untilEqual } from './until_equal.ts'

export const roles = ['acceptor', 'engine', 'supervisor', 'all'] as const satisfies readonly Role[]

export type TortureOptions = {
  readonly rounds: number
  readonly seed: number
  readonly targets?: readonly Role[]
  /** Modules that are loaded into the product's processes: faults that the check must find. */
  readonly preloads?: readonly string[]
  /** The data directory stays when the sums are not equal. */
  readonly isKept?: boolean
  /** How long a round may take to become equal. */
  readonly equalWithinMs?: number
  onRound?(round: Round, load: TortureLoad): void
}

export type Round = {
  readonly number: number
  readonly target: Role
  readonly moment: Moment
  /** Until requests were answered and the database was open again. */
  readonly backMs: number
  /** From the last acknowledgement until everything was stored and folded. */
  readonly equalMs: number
}

export type Tortured = {
  readonly rounds: readonly Round[]
  /** One line each; none when everything that was acknowledged is stored, once. */
  readonly problems: readonly string[]
  readonly load: TortureLoad
  readonly stored: Stored
  /** Of the data directory, when it was kept. */
  readonly folder: string | undefined
}

const delayMs = { min: 50, max: 1500 } as const
/** Answered after the kill, so that load went on over it. */
const batchesAfter = 20
const backWithinMs = 60_000

export async function torture(options: TortureOptions): Promise<Tortured> {
  const { rounds: wanted, seed, targets = roles, isKept = false, equalWithinMs = 60_000 } = options
  const random = createRandom(seed)
  const folder = mkdtempSync(join(tmpdir(), 'lightfoot-torture-'))
  const start = await starter(folder, options.preloads)
  let product = await start()
  const load = tortureLoad({ url: () => product.publicUrl, random: createRandom(random.whole(0, 2 ** 31)) })
  const ask = (statements: readonly string[]) => askEngine(socketOf(folder), statements)
  const rounds: Round[] = []
  let stored: Stored = new Map()
  let problems: string[] = []

  async function round(number: number): Promise<void> {
    const target = pickOne(random, targets)
    const { moment } = random.pick(target === 'acceptor' ? moments.slice(0, 1) : moments)
    load.resume()
    await sleep(random.whole(delayMs.min, delayMs.max))
    await untilMoment(moment, product.dataDirectory, random)
    const killedAt = performance.now()
    const before = load.batches()
    killRole(product, target, random)
    if (target === 'supervisor' || target === 'all') {
      await product.ended()
      product = await start()
    }
    await until('events are taken again', () => load.batches() >= before + batchesAfter)
    await until('the database is open again', () => isReady(product.adminUrl))
    const backMs = performance.now() - killedAt
    await load.pause()
    const pausedAt = performance.now()
    const compared = await untilEqual(load.sums, { ask, adminUrl: product.adminUrl, withinMs: equalWithinMs })
    stored = compared.stored
    problems = [...compared.differences, ...ledgerDifferences(load.choices, product.dataDirectory)]
    const done = { number, target, moment, backMs, equalMs: performance.now() - pausedAt }
    rounds.push(done)
    options.onRound?.(done, load)
  }

  try {
    for (let number = 1; number <= wanted && problems.length === 0; number++) await round(number)
    if (problems.length === 0) problems = await atTheEnd(product, load)
    return { rounds, problems, load, stored, folder: problems.length > 0 && isKept ? folder : undefined }
  } catch (error) {
    problems = ['it did not come to its end']
    throw new Error(
      `the torture with seed ${seed} ended in round ${rounds.length + 1}\n${product.output()}`,
      {
        cause: error,
      },
    )
  } finally {
    await load.end()
    await product.stop()
    if (problems.length === 0 || !isKept) rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** Starts the product on the same folder and ports again and again: the senders know one address. */
async function starter(folder: string, preloads: readonly string[] = []): Promise<() => Promise<Product>> {
  const [port, adminPort] = await freePorts(2)
  const env = {
    ...probeEnv(socketOf(folder), preloads),
    LIGHTFOOT_WORKERS: '2',
    LIGHTFOOT_PORT: String(port),
    LIGHTFOOT_ADMIN_PORT: String(adminPort),
  }
  return () => startProduct({ folder, config, env })
}

function socketOf(folder: string): string {
  return join(folder, 'engine.sock')
}

function pickOne<T>(random: Random, choices: readonly T[]): T {
  return random.pick(choices.map(choice => ({ choice, weight: 1 }))).choice
}

/** One acceptor of the two, so that the other goes on. */
function killRole(product: Product, target: Role, random: Random): void {
  const { acceptors } = product.pids()
  if (target === 'acceptor' && acceptors.length > 0) process.kill(pickOne(random, acceptors), 'SIGKILL')
  else product.kill(target)
}

/** What the files of the stopped product hold, and that nothing was set aside. */
async function atTheEnd(product: Product, load: TortureLoad): Promise<string[]> {
  await until('nothing waits any more', () => isAtRest(product.adminUrl))
  product.kill('supervisor', 'SIGTERM')
  const status = await product.ended()
  const answers = await askDatabase(
    product.dataDirectory,
    questions().map(sql => ({ sql })),
  )
  const rows = answers.map(text =>
    text
      .split('\n')
      .filter(line => line !== '')
      .map(line => JSON.parse(line)),
  )
  const aside = ['spool/quarantine', 'rejects'].flatMap(name => filesOf(join(product.dataDirectory, name)))
  return [
    ...(status === 0 ? [] : [`the product ended with status ${status}`]),
    ...differences(load.sums, storedSums(rows)),
    ...aside.map(file => `set aside: ${file}`),
  ]
}

function filesOf(directory: string): string[] {
  return existsSync(directory) ? readdirSync(directory) : []
}

async function until(what: string, isThere: () => boolean | Promise<boolean>): Promise<void> {
  for (const deadline = performance.now() + backWithinMs; !(await isThere()); await sleep(20))
    if (performance.now() > deadline) throw new Error(`${what}: not within ${backWithinMs / 1000} s`)
}
