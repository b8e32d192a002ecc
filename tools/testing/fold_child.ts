// The process that collector/fold/kill.test.ts kills: rows come and are folded, and at a named place of the fold it ends
// itself by SIGKILL. As `twin` it does the same without an end, and says what the rollups say after each load.

import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { createFolder } from '../../collector/fold/folder.ts'
import { firstLoad } from '../../collector/pipeline/row_columns.ts'
import { migrate } from '../../collector/store/migrate.ts'
import { openStore } from '../../collector/store/open_store.ts'
import type { Store } from '../../collector/store/store.ts'
import { type EventRow, insertRows } from './event_rows.ts'
import { rollupSums } from './rollup_sums.ts'

/** Which of the fold's statements, and where: before it, so many milliseconds into it, or once it is done. */
export type KillAt = { readonly statement: string; readonly nth: number; readonly where: 'done' | number }
export type FoldTask = {
  readonly root: string
  readonly rollupsDirectory: string
  readonly dataDirectory: string
} & (
  | { readonly twin: number }
  /** The number of the load that comes. */
  | { readonly load: number; readonly killAt: KillAt | undefined; readonly isSliced: boolean }
)
/** Digests of all rollups. */
export type FoldTold =
  | { readonly answers: readonly string[] }
  | { readonly recovered: string; readonly settled: string }
  | { readonly survived: true }

const days = ['2026-11-20', '2026-11-21']
const task = JSON.parse(process.argv[2] ?? '{}') as FoldTask
const tell = (told: FoldTold) => new Promise(resolve => process.send?.(told, resolve))

let armed: KillAt | undefined
const store = await openStore({ dataDirectory: task.dataDirectory, clickhouseUrl: undefined })
await migrate(store, { directory: join(task.root, 'migrations') })
const folder = createFolder({
  store: mortal(store),
  directory: join(task.dataDirectory, 'fold'),
  rollupsDirectory: task.rollupsDirectory,
  now: () => Date.parse('2026-11-22T12:00:00Z'),
  // The twin folds in one piece, so it shows as well that slices give the same.
  sliceRows: 'isSliced' in task && task.isSliced ? 400 : 1_000_000,
})
await folder.recover()
if ('twin' in task) {
  const answers: string[] = []
  for (let load = 0; load <= task.twin; load++) {
    await arrive(load)
    answers.push(await digest())
  }
  await tell({ answers })
} else {
  if (task.load === 1) await arrive(0)
  const recovered = await digest()
  const isSettled = folder.status().dirtyDays.length === 0
  await folder.foldDirty()
  await tell({ recovered, settled: isSettled ? recovered : await digest() })
  armed = task.killAt
  if (armed) await arrive(task.load)
  await tell({ survived: true })
}
await store.close()
process.exit(0)

/** Load 0 has rows of all days, each later one of one day: new events, and some that were there. */
async function arrive(load: number): Promise<void> {
  const day = days[load % days.length] ?? ''
  const rows = load === 0 ? days.flatMap(of => dayRows(of, 0, 600)) : dayRows(day, load * 600, 90)
  const repeats = load === 0 ? [] : dayRows(day, 0, 30)
  await insertRows(store, firstLoad + load * 10, [...rows, ...repeats])
  await folder.markDirty(load === 0 ? days : [day], firstLoad + load * 10)
  await folder.foldDirty()
}

async function digest(): Promise<string> {
  const sums = JSON.stringify(await rollupSums(store, task.rollupsDirectory))
  return createHash('sha256').update(sums).digest('hex').slice(0, 16)
}

function mortal(inner: Store): Store {
  let seen = 0
  return {
    ...inner,
    async work(sql, parameters) {
      const isHere = armed !== undefined && sql.startsWith(armed.statement) && seen++ === armed.nth
      const where = isHere ? armed?.where : undefined
      if (where === 0) end()
      if (typeof where === 'number') setTimeout(end, where)
      await inner.work(sql, parameters)
      if (where === 'done') end()
    },
  }
}

function end(): void {
  process.kill(process.pid, 'SIGKILL')
}

function dayRows(day: string, from: number, count: number): EventRow[] {
  const types = ['pageview', 'timing', 'engagement', 'click', 'exit', 'error']
  return Array.from({ length: count }, (_, index): EventRow => {
    const number = from + index
    return {
      day,
      received: day,
      hour: `${day} ${String(number % 24).padStart(2, '0')}:00:00`,
      type: types[number % types.length] ?? 'pageview',
      page: days.indexOf(day) * 1_000_000 + Math.floor(number / 6),
      seq: number % 6,
      visitor: 1 + ((number * 2_654_435) % 16_777_216),
      path: `/${number % 13}`,
      country: number % 2 ? 'DE' : 'FR',
      kind: 'link',
      active_ms: 5000,
      scroll_from: 1,
      scroll_to: 5,
      ttfb_ms: number,
      load_ms: number * 2,
    }
  })
}
