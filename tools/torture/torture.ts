// `kill -9` at random instants under load, round after round: of an acceptor, the engine, the supervisor, or all. After each
// round the sums of what was acknowledged and of what is stored must be equal, in raw rows and in every rollup. Real
// processes and real signals; the seed says which instants and targets were drawn, the machine does the rest.

import { setTimeout as sleep } from 'node:timers/promises'
import { createRandom, type Random } from '../../collector/commands/demo_random.ts'
import { isReady, type Product, type Role } from '../testing/product.ts'
import { askStatus, isAtRest } from '../testing/product_status.ts'
import { checkStopped } from './check_stopped.ts'
import { ledgerDifferences } from './ledger_entries.ts'
import { type Moment, moments, untilMoment } from './moments.ts'
import { createStand } from './stand.ts'
import type { Stored } from './sums.ts'
import { type TortureLoad, tortureLoad } from './torture_load.ts'
import { untilEqual } from './until_equal.ts'

export const roles = ['acceptor', 'engine', 'supervisor', 'all'] as const satisfies readonly Role[]

export type TortureOptions = {
  readonly rounds: number
  readonly seed: number
  readonly targets?: readonly Role[]
  /** Modules that are loaded into the product's processes: faults that the check must find. */
  readonly preloads?: readonly string[]
  /** The data directory stays when the sums are not equal. */
  readonly isKept?: boolean
  onRound?(round: Round): void
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
/** Far more than a start, or a load and a fold, take on a machine that does something else as well. */
const withinMs = 120_000

export async function torture(options: TortureOptions): Promise<Tortured> {
  const { rounds: wanted, seed, targets = roles, preloads = [], isKept = false } = options
  const random = createRandom(seed)
  const stand = await createStand({ preloads })
  let product = await stand.start().catch(error => {
    stand.remove()
    throw error
  })
  const load = tortureLoad({ url: stand.publicUrl, random: createRandom(random.whole(0, 2 ** 31)) })
  const rounds: Round[] = []
  let stored: Stored = new Map()
  let problems: string[] = []

  async function round(number: number): Promise<void> {
    const target = pickOne(random, targets)
    const { moment } = random.pick(target === 'acceptor' ? moments.slice(0, 1) : moments)
    load.resume()
    await sleep(random.whole(delayMs.min, delayMs.max))
    await untilMoment(moment, stand.dataDirectory, random)
    const killedAt = performance.now()
    const before = load.batches()
    killRole(product, target, random)
    if (target === 'supervisor' || target === 'all') {
      await product.ended()
      product = await stand.start()
    }
    await until('events are taken again', () => load.batches() >= before + batchesAfter)
    await until('the database is open again', () => isReady(stand.adminUrl))
    const backMs = performance.now() - killedAt
    await load.pause()
    const pausedAt = performance.now()
    const compared = await untilEqual(load.sums, { stand, withinMs })
    stored = compared.stored
    problems = [...compared.differences, ...ledgerDifferences(load.choices, stand.dataDirectory)]
    const done = { number, target, moment, backMs, equalMs: performance.now() - pausedAt }
    rounds.push(done)
    options.onRound?.(done)
  }

  try {
    for (let number = 1; number <= wanted && problems.length === 0; number++)
      await Promise.race([round(number), load.refused])
    if (problems.length === 0) {
      await until('nothing waits any more', async () => isAtRest(await askStatus(stand.adminUrl)))
      problems = await checkStopped(product, load)
    }
    const folder = problems.length > 0 && isKept ? stand.folder : undefined
    return { rounds, problems, load, stored, folder }
  } catch (error) {
    problems = ['it did not come to its end']
    const where = `the torture with seed ${seed}, round ${rounds.length + 1}`
    throw new Error(`${where}\n${product.output()}`, { cause: error })
  } finally {
    await load.end()
    await product.stop()
    if (problems.length === 0 || !isKept) stand.remove()
  }
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

async function until(what: string, isThere: () => boolean | Promise<boolean>): Promise<void> {
  for (const deadline = performance.now() + withinMs; !(await isThere()); await sleep(20))
    if (performance.now() > deadline) throw new Error(`${what}: not within ${withinMs / 1000} s`)
}
