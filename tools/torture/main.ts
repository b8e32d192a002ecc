// The command line of the torture: a progress line while it runs, a table at its end, status 1 when anything was lost or
// doubled.

import { parseArgs } from 'node:util'
import { createProgress } from '../../collector/commands/progress.ts'
import { setup } from '../testing/build_once.ts'
import { report } from './report.ts'
import { roles, torture } from './torture.ts'

const help = `npm run torture -- [options]

  --rounds N      rounds of kill -9 under load (default 200)
  --seed N        of instants, targets and traffic (default: the clock's)
  --targets LIST  of ${roles.join(', ')}, separated by commas (default: each of them)
  --keep          leave the data directory when the sums are not equal
`

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '200' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    targets: { type: 'string', default: roles.join(',') },
    keep: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

if (values.help) console.log(help)
else process.exitCode = await run()

async function run(): Promise<number> {
  const rounds = wholeNumber(values.rounds)
  const seed = wholeNumber(values.seed)
  const targets = roles.filter(role => values.targets.split(',').includes(role))
  if (targets.length !== values.targets.split(',').length) return wrong(`--targets: ${roles.join(', ')}`)
  if (rounds === undefined || seed === undefined) return wrong('--rounds and --seed are whole numbers')
  setup()
  console.log(`seed ${seed}`)
  const progress = createProgress(process.stderr, {
    label: 'rounds',
    total: rounds,
    now: () => performance.now(),
  })
  const tortured = await torture({
    rounds,
    seed,
    targets,
    isKept: values.keep,
    onRound: ({ number }) => progress.update(number),
  })
  progress.end()
  console.log(report(tortured))
  return tortured.problems.length === 0 ? 0 : 1
}

function wrong(message: string): number {
  console.error(message)
  return 2
}

function wholeNumber(text: string): number | undefined {
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined
}
