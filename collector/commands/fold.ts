// lightfoot fold: folds days again from raw rows, after rows were erased or a rollup has changed.

import type { CAC } from 'cac'
import type { FoldProgress, FoldStep } from '../fold/folder.ts'
import { isDay, utcDay } from '../pipeline/day.ts'
import { CommandError, UsageError } from './command_error.ts'
import { accessData, settle } from './data_access.ts'
import { type Flags, textFlag } from './flags.ts'

const dayMs = 24 * 3600 * 1000

export function fold(cli: CAC): void {
  cli
    .command('fold', 'Fold days again from raw rows into the rollups that reports read')
    .option('--from <day>', 'First day (default: a week ago)')
    .option('--to <day>', 'Last day, included (default: today)')
    .example('lightfoot fold --from 2026-01-01 --to 2026-01-31')
    .action(foldDays)
}

async function foldDays(flags: Flags): Promise<void> {
  // Sites east of UTC may already be in tomorrow, and their day is then the last.
  const to = textFlag(flags, 'to') ?? utcDay(Date.now() + dayMs)
  const from = textFlag(flags, 'from') ?? utcDay(Date.now() - 7 * dayMs)
  if (!isDay(from) || !isDay(to) || from > to) {
    throw new UsageError('--from and --to are days such as 2026-02-28, the first not after the last')
  }
  let days = 0
  const tell = (line: FoldProgress | FoldStep) => {
    days += 'done' in line ? 1 : 0
    tellLine(line)
  }
  await accessData({
    overHttp: client => client.post('/api/fold', { from, to }, line => tellAnswer(line, tell)),
    async directly(database) {
      await settle(database)
      await database.foldDays(from, to, tell)
    },
  })
  if (days === 0) console.log(`nothing to fold: there are no raw rows from ${from} to ${to}`)
}

/** A line of the server's answer: a step, a day, or at the end whether it went well. */
function tellAnswer(
  line: Readonly<Record<string, unknown>>,
  tell: (line: FoldProgress | FoldStep) => void,
): void {
  if (typeof line.day === 'string') tell(line as FoldProgress | FoldStep)
  else if (line.finished !== true)
    throw new CommandError('the running server could not fold; its log says why')
}

function tellLine(line: FoldProgress | FoldStep): void {
  if ('step' in line) tellStep(line)
  else tellDay(line)
}

function tellDay({ day, done, days, isLate }: FoldProgress): void {
  const what = isLate ? 'kept as it is, its raw rows have begun to expire' : 'folded'
  if (process.stderr.isTTY) process.stderr.write(emptyLine)
  console.log(`${day} ${what} (${done} of ${days})`)
}

const emptyLine = '\r\x1b[K'

/** A large day takes half a minute: on a terminal, its line is rewritten. */
function tellStep({ day, step, steps }: FoldStep): void {
  if (process.stderr.isTTY && steps > 0)
    process.stderr.write(`${emptyLine}${day} ${Math.floor((step / steps) * 100)} %`)
}
