// A fold that is killed in the middle changes no answer: real processes, a real database, kill -9. Each round a load comes
// and its day is folded until a kill at a named place or at random; after the restart all rollups together are as before
// the load or as after it, and once what is dirty is folded, as after it. A twin that is never killed says what that is.
//
// LIGHTFOOT_TEST_ROUNDS (tools/testing/test_rounds.ts): the places come first and are never left out, then kills at random.

import { fork } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { FoldTold, KillAt } from '../../tools/testing/fold_child.ts'
import { bundleForNode } from '../../tools/testing/spawn_typescript.ts'
import { fullOrShort, testRounds } from '../../tools/testing/test_rounds.ts'

const root = join(import.meta.dirname, '../..')
const scratch = mkdtempSync(join(tmpdir(), 'lightfoot-kill-fold-'))
/** Half of them: what a kill leaves half done does not depend on how many there are, and the time does. */
const rollups = ['actions', 'flows', 'pages', 'timings', 'totals']
const rollupsDirectory = join(scratch, 'rollups')
let bundle: string
beforeAll(async () => {
  mkdirSync(rollupsDirectory)
  for (const name of rollups)
    cpSync(join(root, 'rollups', `${name}.sql`), join(rollupsDirectory, `${name}.sql`))
  bundle = await bundleForNode(join(root, 'tools/testing/fold_child.ts'))
})
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

const places: readonly KillAt[] = [
  { statement: 'insert into fold_repeats', nth: 0, where: 'done' },
  { statement: 'insert into fold_', nth: 4, where: 3 },
  { statement: 'insert into sliced_', nth: 7, where: 5 },
  // The journal says that the day is being replaced, and nothing is yet.
  { statement: 'alter table rollup_', nth: 0, where: 0 },
  { statement: 'alter table rollup_', nth: 1, where: 4 },
  { statement: 'alter table rollup_', nth: 2, where: 8 },
  { statement: 'alter table rollup_', nth: 3, where: 'done' },
  // All are in place, and the journal does not know it yet.
  { statement: 'alter table rollup_', nth: rollups.length - 1, where: 'done' },
]
const rounds = fullOrShort(testRounds(places.length + 1), places.length)
const whole = (below: number) => Math.floor(Math.random() * below)
const anywhere = (): KillAt =>
  Math.random() < 0.6
    ? { statement: 'alter table rollup_', nth: whole(rollups.length), where: whole(16) }
    : { statement: '', nth: whole(50), where: whole(30) }

it('answers the same after every kill', { timeout: 120_000 + rounds * 20_000 }, async () => {
  const told = await run({ dataDirectory: join(scratch, 'twin'), twin: rounds })
  const answers = told.flatMap(one => ('answers' in one ? one.answers : []))
  expect(new Set(answers).size).toBe(rounds + 1)

  const dataDirectory = join(scratch, 'killed')
  const seen = { brokenOff: 0, before: 0, after: 0 }
  for (let round = 1; round <= rounds + 1; round++) {
    const killAt = round > rounds ? undefined : (places[round - 1] ?? anywhere())
    const isSliced = killAt?.statement.includes('sliced') || round > places.length
    const [started] = await run({ dataDirectory, load: round, killAt, isSliced })
    const { recovered, settled } = { recovered: '', settled: '', ...started }
    // Loads are counted from 0: before this round's came the last one's.
    const context = JSON.stringify({ round, after: places[round - 2] })
    expect([answers[round - 2], answers[round - 1]], context).toContain(recovered)
    expect(settled, context).toBe(answers[round - 1])
    if (recovered === answers[round - 1]) seen.after += 1
    else seen.before += 1
    const journal = JSON.parse(readFileSync(join(dataDirectory, 'fold/state.json'), 'utf8'))
    if (journal.folding !== null) seen.brokenOff += 1
  }
  // Else this test would have shown nothing.
  expect(seen.brokenOff).toBeGreaterThan(3)
  expect(seen.before).toBeGreaterThan(1)
})

async function run(task: object): Promise<FoldTold[]> {
  const told: FoldTold[] = []
  const child = fork(bundle, [JSON.stringify({ root, rollupsDirectory, ...task })], { execArgv: [] })
  child.on('message', message => told.push(message as FoldTold))
  const [code, signal] = await once(child, 'exit')
  expect([code, signal]).toEqual(code === null ? [null, 'SIGKILL'] : [0, null])
  return told
}
