// The command line of the fuzz: a progress line while it runs, a table at its end, status 1 when anything was wrong.

import { parseArgs } from 'node:util'
import { createProgress } from '../../collector/commands/progress.ts'
import { setup } from '../testing/build_once.ts'
import { fuzz, fuzzOne } from './fuzz.ts'
import { report } from './report.ts'

const help = `npm run fuzz -- [options]

  --requests N  generated requests (default 100000)
  --seed N      of the requests (default: the clock's)
  --only INDEX  this one of the seed's requests, shown with its answer
`

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '100000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    only: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})

if (values.help) console.log(help)
else process.exitCode = await run()

async function run(): Promise<number> {
  const [requests, seed, only] = [values.requests, values.seed, values.only ?? '0'].map(wholeNumber)
  if (requests === undefined || seed === undefined || only === undefined) {
    console.error('--requests, --seed and --only are whole numbers')
    return 2
  }
  setup()
  if (values.only !== undefined) {
    console.log(await fuzzOne(seed, only))
    return 0
  }
  console.log(`seed ${seed}`)
  const progress = createProgress(process.stderr, {
    label: 'requests',
    total: requests,
    now: () => performance.now(),
  })
  const fuzzed = await fuzz({ requests, seed, onProgress: done => progress.update(done) })
  progress.end()
  console.log(report(fuzzed))
  return fuzzed.problems.length === 0 ? 0 : 1
}

function wholeNumber(text: string): number | undefined {
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined
}
