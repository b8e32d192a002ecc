// The process whose fold is measured: it owns the database, and nothing else is in it, so its memory is the fold's.
// `rows` makes the rows. `fold` folds the day without rests, as `lightfoot fold` does, and `paced` as the engine does, with
// reports asked for all the while.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { makeFoldRows } from './fold_rows.mjs'

const { root, directory, rows, day, shape, mode } = JSON.parse(process.argv[2])
const dist = file => import(join(root, 'dist/collector', file))
const { createFolder } = await dist('fold/folder.js')
const { createExclusive } = await dist('serve/exclusive.js')
const { migrate } = await dist('store/migrate.js')
const { openStore } = await dist('store/open_store.js')
const { runReport } = await dist('reports/run_report.js')

const store = await openStore({ dataDirectory: directory, clickhouseUrl: undefined })
await migrate(store, { directory: join(root, 'migrations') })
if (mode === 'rows') process.send({ day: await dayWithRows() })
else process.send(await measure(mode === 'paced' ? paced : atOnce))
await store.close()
process.exit(0)

async function dayWithRows() {
  const [made] = await store.query(
    'select toString(day) as day from events group by day order by count() desc',
  )
  if (made === undefined) await makeFoldRows(store, { rows, day, shape })
  return made?.day ?? day
}

async function measure(work) {
  const steps = []
  const folder = createFolder({
    store: timed(store, steps),
    // The product's own journal, so that the day is known to be folded; at the engine's pace another, where it is not.
    directory: join(directory, mode === 'paced' ? `fold-${process.pid}` : 'fold'),
    rollupsDirectory: join(root, 'rollups'),
    now: Date.now,
  })
  // The first statements after a start are slower; and they make the base of the memory whole.
  await folder.recover()
  await store.query('select count() from events where day = {day:Date}', { day })
  const baseBytes = memory('VmRSS')
  writeFileSync('/proc/self/clear_refs', '5')
  const cpu = process.cpuUsage()
  const startedAt = performance.now()
  const found = await work(folder)
  const seconds = (performance.now() - startedAt) / 1000
  const { user, system } = process.cpuUsage(cpu)
  return {
    seconds,
    cpuSeconds: (user + system) / 1e6,
    baseMb: mb(baseBytes),
    peakMb: mb(memory('VmHWM')),
    longestStatementMs: Math.max(...steps.map(step => step.ms)),
    steps: process.env.BENCH_STEPS ? steps : undefined,
    ...found,
  }
}

async function atOnce(folder) {
  await folder.foldDays(day, day)
  return {}
}

/** One tick after the other as the engine's loop gives them, and one report after the other. */
async function paced(folder) {
  const exclusive = createExclusive()
  const site = { id: 'shop', timezone: 'UTC', minimumGroup: 10 }
  const tickMs = []
  const reportMs = []
  let isDone = false
  const startedAt = performance.now()
  const asking = (async () => {
    while (!isDone) {
      const askedAt = performance.now()
      await runReport(store, { name: 'pages', site, from: day, to: day, format: 'json' })
      reportMs.push(performance.now() - askedAt)
      await sleep(50)
    }
  })()
  while (folder.status().dirtyDays.length > 0) {
    const tickedAt = performance.now()
    if (await exclusive(folder.tick)) tickMs.push(performance.now() - tickedAt)
    else await sleep(100)
  }
  const seconds = (performance.now() - startedAt) / 1000
  isDone = true
  await asking
  const worked = tickMs.reduce((sum, ms) => sum + ms, 0)
  reportMs.sort((a, b) => a - b)
  return {
    share: worked / 1000 / seconds,
    ticks: tickMs.length,
    longestStepMs: Math.max(...tickMs),
    reports: reportMs.length,
    reportP50Ms: reportMs[Math.floor(reportMs.length / 2)],
    reportMaxMs: reportMs.at(-1),
  }
}

function timed(inner, steps) {
  return {
    ...inner,
    async work(sql, parameters) {
      const startedAt = performance.now()
      await inner.work(sql, parameters)
      steps.push({
        ms: performance.now() - startedAt,
        sql: sql.slice(0, 60).replace(/\s+/g, ' '),
        rss: Math.round(memory('VmRSS') / 2 ** 20),
      })
    },
  }
}

function memory(name) {
  return (
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(readFileSync('/proc/self/status', 'utf8'))[1]) *
    1024
  )
}

function mb(bytes) {
  return Math.round(bytes / 2 ** 20)
}
