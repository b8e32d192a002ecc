// Waits until what is stored equals what was acknowledged. Loads and folds take their time; once nothing waits any more and
// the sums still differ, they will not meet.

import { setTimeout as sleep } from 'node:timers/promises'
import { askStatus, isAtRest } from '../testing/product_status.ts'
import type { Stand } from './stand.ts'
import { differences, questions, type Stored, type Sums, storedSums } from './sums.ts'

export type Compared = { readonly stored: Stored; readonly differences: readonly string[] }

type Asked = Pick<Stand, 'ask' | 'adminUrl'>

export type UntilEqual = {
  readonly stand: Asked
  /** Without a load or a fold that ends. */
  readonly withinMs: number
  /** The rollups may come later. */
  readonly isRawOnly?: boolean
}

const askAgainMs = 60
const statusMs = 5000
/** At rest, and again at rest after this: then nothing comes any more. */
const restMs = 600

/**
 * Differences are what stays once nothing waits any more: between two steps of a fold rollups differ. Rejects when something
 * still waits after the time, or the engine does not answer.
 */
export async function untilEqual(
  acknowledged: Sums,
  { stand, withinMs, isRawOnly = false }: UntilEqual,
): Promise<Compared> {
  let progress = ''
  let progressAt = performance.now()
  let restSince: number | undefined
  for (;;) {
    // The tables are asked only at rest: asked all the time, they cost the engine more than the loads and folds waited for.
    const status = await askStatus(stand.adminUrl)
    const isResting = isAtRest(status, isRawOnly)
    const ended = JSON.stringify([status?.spool.bytes, status?.load?.rows, status?.fold?.lastFoldMs])
    if (ended !== progress) progressAt = performance.now()
    progress = ended
    restSince = isResting ? (restSince ?? performance.now()) : undefined
    const isOver = restSince !== undefined && performance.now() - restSince > restMs
    const compared = isResting
      ? await compare(acknowledged, stand, isRawOnly).catch(() => undefined)
      : undefined
    if (compared && (compared.differences.length === 0 || isOver)) return compared
    if (performance.now() - progressAt > withinMs)
      throw new Error(await describeLate(stand, withinMs, compared))
    await sleep(askAgainMs)
  }
}

async function compare(acknowledged: Sums, { ask }: Asked, isRawOnly: boolean): Promise<Compared> {
  const stored = storedSums(await ask(isRawOnly ? questions().slice(0, 1) : questions()))
  const all = differences(acknowledged, stored)
  return { stored, differences: isRawOnly ? all.filter(line => line.startsWith('events,')) : all }
}

async function describeLate({ adminUrl }: Asked, withinMs: number, compared?: Compared): Promise<string> {
  const status = await fetch(`${adminUrl}/api/status`, { signal: AbortSignal.timeout(statusMs) })
    .then(response => response.text())
    .catch(() => 'the engine does not answer')
  const now = compared === undefined ? [] : ['so far:', ...compared.differences]
  return [`not at rest, and for ${withinMs / 1000} s nothing ended: ${status}`, ...now].join('\n  ')
}
