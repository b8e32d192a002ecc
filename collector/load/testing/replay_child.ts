// A replay that a test kills. Arguments: data directory, `refuse` or `replay`, step at which the process ends itself with
// SIGKILL ('' for none). `refuse` has the table refuse a status of 700 and loads what the spool holds; `replay` mends that,
// replays and loads, as an engine does at its start and an operator after it; both print what the database has then.

import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { migrate } from '../../store/migrate.ts'
import { openStore } from '../../store/open_store.ts'
import { createLoader } from '../loader.ts'
import { finishReplays, replayRejects } from '../replay.ts'

const [dataDirectory = '', work = '', killAt = ''] = process.argv.slice(2)
const within = (name: string) => join(dataDirectory, name)
const directories = { spoolDirectory: within('spool'), rejectsDirectory: within('rejects') }

function onStep(step: string): void {
  if (step === killAt) process.kill(process.pid, 'SIGKILL')
}

const store = await openStore({ dataDirectory, clickhouseUrl: undefined })
await migrate(store, { directory: within('migrations') })
await store.command('alter table events drop constraint if exists mendable')
if (work === 'refuse') await store.command('alter table events add constraint mendable check status < 600')
await store.command('drop table events_check')
await store.command('create table events_check as events engine = Null')

const loader = createLoader({
  store,
  ...directories,
  loadsDirectory: within('loads'),
  now: Date.now,
  maxRows: 20,
  maxAgeMs: 0,
  onLoaded: async () => {},
  onStep,
})

async function loadAll(): Promise<void> {
  for (let quiet = 0; quiet < 5; ) {
    quiet = (await loader.tick()) ? 0 : quiet + 1
    await sleep(5)
  }
}

console.log('open')
await finishReplays(directories.spoolDirectory, directories.rejectsDirectory)
await loader.recover()
await loadAll()
if (work === 'replay') {
  const { lastLoad } = loader.status()
  await replayRejects({ store, ...directories, lastLoad, now: Date.now, onStep })
  await loadAll()
}
const [found] = await store.query('select count() as rows, uniqExact(site, page, seq) as events from events')
console.log(JSON.stringify({ found, status: loader.status() }))
await store.close()
