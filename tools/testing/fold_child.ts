// The process that collector/fold/kill.test.ts kills: recovers, says what the rollups say, and then folds the same days
// again and again until it is gone. With `seed`, it first makes the rows.

import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { createFolder } from '../../collector/fold/folder.ts'
import { firstLoad } from '../../collector/pipeline/row_columns.ts'
import { migrate } from '../../collector/store/migrate.ts'
import { openStore } from '../../collector/store/open_store.ts'
import type { Store } from '../../collector/store/store.ts'
import { type EventRow, insertRows } from './event_rows.ts'
import { rollupSums } from './rollup_sums.ts'

const [root = '', dataDirectory = '', mode] = process.argv.slice(2)
const days = ['2026-11-19', '2026-11-20', '2026-11-21']

const store = await openStore({ dataDirectory, clickhouseUrl: undefined })
await migrate(store, { directory: join(root, 'migrations') })
const folder = createFolder({
  store: telling(store),
  directory: join(dataDirectory, 'fold'),
  rollupsDirectory: join(root, 'rollups'),
  now: () => Date.parse('2026-11-22T12:00:00Z'),
  sliceRows: 1000,
})
await folder.recover()
if (mode === 'seed') {
  await insertRows(store, firstLoad, rows())
  await folder.foldDays('2026-11-19', '2026-11-21')
}
const sums = JSON.stringify(await rollupSums(store, join(root, 'rollups')))
process.send?.({ answers: createHash('sha256').update(sums).digest('hex'), size: sums.length })
if (mode === 'seed') {
  await store.close()
  process.exit(0)
}
process.on('disconnect', () => process.exit(1))
for (;;) await folder.foldDays('2026-11-19', '2026-11-21')

/** Says when a partition is about to be replaced, which is where a kill hurts most. */
function telling(inner: Store): Store {
  return {
    ...inner,
    work: (sql, parameters) => {
      if (sql.startsWith('alter table rollup_')) process.send?.({ replacing: true })
      return inner.work(sql, parameters)
    },
  }
}

function rows(): EventRow[] {
  const types = ['pageview', 'timing', 'engagement', 'click', 'exit', 'error']
  return days.flatMap((day, dayIndex) =>
    Array.from({ length: 1500 }, (_, index): EventRow => {
      // Every tenth row comes a second time.
      const number = index % 10 === 9 ? index - 1 : index
      return {
        day,
        received: day,
        hour: `${day} ${String(number % 24).padStart(2, '0')}:00:00`,
        type: types[number % types.length] ?? 'pageview',
        page: dayIndex * 10_000 + Math.floor(number / 6),
        seq: number % 6,
        visitor: 1 + (number % 97),
        path: `/${number % 13}`,
        country: number % 2 ? 'DE' : 'FR',
        kind: 'link',
        active_ms: 5000,
        scroll_from: 1,
        scroll_to: 5,
        ttfb_ms: number,
        load_ms: number * 2,
      }
    }),
  )
}
