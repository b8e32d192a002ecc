// Fault: `kill -9` at random instants under load, of an acceptor, the engine, the supervisor, or all. Fifty rounds, and
// after each the sums of acknowledged and stored are equal, in raw rows and in every rollup (tools/torture/).

import { join } from 'node:path'
import { expect, test } from 'vitest'
import { packageRoot } from '../../collector/config/package_root.ts'
import { runProgram } from '../testing/run_program.ts'
import { testRounds } from '../testing/test_rounds.ts'
import { report } from '../torture/report.ts'
import { torture } from '../torture/torture.ts'

const rounds = testRounds()
const seed = Date.now() % 1_000_000
/** Far more than a round takes, for machines that do something else as well. */
const roundMs = 30_000

test(
  `${rounds} rounds of kill -9: what was acknowledged is stored, each event once`,
  async () => {
    // Several products at once: most of a round is waiting, for processes to start, for the loader's two seconds, for the fold's pace.
    const products = 4
    const shares = Array.from({ length: products }, (_, index) => Math.ceil((rounds - index) / products))
    const tortured = await Promise.all(
      shares.map((share, index) => torture({ rounds: share, seed: seed + index })),
    )
    for (const [index, result] of tortured.entries()) {
      console.log(`seed ${seed + index}\n${report(result)}`)
      expect(result.problems).toEqual([])
    }
    // Some kills met batches on their way. (A few rounds alone may meet none.)
    const retried = tortured.reduce((sum, { load }) => sum + load.retried(), 0)
    if (rounds >= 10) expect(retried).toBeGreaterThan(0)
  },
  rounds * roundMs,
)

test(
  'a product that answers before the disk has it is found out',
  async () => {
    const preloads = [join(packageRoot(), 'tools/torture/early_answer.mjs')]
    const { problems } = await torture({ rounds: 3, seed, targets: ['acceptor'], preloads })
    expect(problems.join('\n')).toMatch(/^events, \w+, events: \d+ acknowledged, \d+ stored, \d+ lost$/m)
    expect(problems.join('\n')).toMatch(/^rollup_totals, .* lost$/m)
  },
  6 * roundMs,
)

test.each([
  ['--help', 0, '--rounds N'],
  ['--rounds=many', 2, '--rounds and --seed are whole numbers'],
  ['--targets=engine,everything', 2, '--targets: acceptor, engine, supervisor, all'],
])('npm run torture -- %s', async (flag, status, text) => {
  const ran = await runProgram('npm', ['run', '--silent', 'torture', '--', flag], { cwd: packageRoot() })
  expect([ran.status, ran.stdout + ran.stderr]).toEqual([status, expect.stringContaining(text)])
})
