// lightfoot spool replay [LOAD …]: offers rows that were set aside to the database again. Exit status 1 when some are still
// refused: they stay set aside.

import type { Replayed } from '../../load/replay.ts'
import { CommandError, UsageError } from '../command_error.ts'
import { accessData, settle } from '../data_access.ts'

export async function replay(named: readonly string[]): Promise<void> {
  const loads = named.length === 0 ? undefined : named.map(readLoad)
  const told: Replayed[] = []
  const tell = (replayed: Replayed) => {
    told.push(replayed)
    console.log(lineOf(replayed))
  }
  await accessData({
    overHttp: client =>
      client.post('/api/spool/replay', loads === undefined ? {} : { loads }, line => tellLine(line, tell)),
    async directly(database) {
      await settle(database)
      await database.replay(loads, tell)
      await settle(database)
    },
  })
  conclude(loads, told)
}

/** As `spool status` and the names of the files in rejects/ have it. */
function readLoad(text: string): number {
  const load = /^(\d{10})(?:\.ndjson)?$/.exec(text)?.[1]
  if (load === undefined)
    throw new UsageError('a load is a number of ten digits, as in the names of the files in rejects/')
  return Number(load)
}

/** A line of the server's answer: a load, or at the end whether it went well. */
function tellLine(line: Readonly<Record<string, unknown>>, tell: (replayed: Replayed) => void): void {
  if (typeof line.load === 'number') tell(line as Replayed)
  else if (line.finished !== true)
    throw new CommandError('the running server could not replay; its log says why')
}

function lineOf({ load, state, rows, refused }: Replayed): string {
  if (state === 'unreadable') return `load ${load}: its file in rejects/ is damaged and was left alone`
  if (state === 'loading') return `load ${load}: is not complete yet, try again when it is`
  const reasons = Object.entries(refused).map(([reason, count]) => `; ${count} refused again: ${reason}`)
  return `load ${load}: ${rows} rows replayed${reasons.join('')}`
}

function conclude(loads: readonly number[] | undefined, told: readonly Replayed[]): void {
  const missing = (loads ?? []).filter(load => told.every(replayed => replayed.load !== load))
  if (missing.length > 0) throw new CommandError(`nothing is set aside of load ${missing.join(', ')}`)
  if (told.length === 0) console.log('nothing was set aside')
  const left = told.flatMap(({ refused }) => Object.values(refused)).reduce((sum, count) => sum + count, 0)
  if (left > 0) throw new CommandError(`${left} rows were refused again and stay set aside in rejects/`)
  const unread = told.filter(({ state }) => state !== 'asked').length
  if (unread > 0) throw new CommandError(`${unread} files in rejects/ could not be replayed`)
}
