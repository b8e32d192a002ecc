// A loader that a test kills: loads all that the spool holds, then prints what the database has.
// Arguments: data directory, step at which the process ends itself with SIGKILL ('' for none).

import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { migrate } from '../../store/migrate.ts'
import { openStore } from '../../store/open_store.ts'
import { createLoader } from '../loader.ts'

const [dataDirectory = '', killAt = ''] = process.argv.slice(2)
const within = (name: string) => join(dataDirectory, name)

const store = await openStore({ dataDirectory, clickhouseUrl: undefined })
await migrate(store, { directory: within('migrations') })
const loader = createLoader({
  store,
  spoolDirectory: within('spool'),
  loadsDirectory: within('loads'),
  rejectsDirectory: within('rejects'),
  now: Date.now,
  minRows: 10,
  maxRows: 20,
  maxAgeMs: 50,
  async onLoaded(days) {
    appendFileSync(within('marked'), `${days.join(' ')}\n`)
  },
  onStep(step) {
    if (step === killAt) process.kill(process.pid, 'SIGKILL')
  },
})
console.log('open')
await loader.recover()
for (let quiet = 0; quiet < 10; quiet++) {
  if (await loader.tick()) quiet = 0
  await sleep(10)
}
const [found] = await store.query(
  'select count() as rows, uniqExact(site, page, seq) as events, uniqExact(load) as loads from events',
)
console.log(JSON.stringify({ found, status: loader.status() }))
await store.close()
