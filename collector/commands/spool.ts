// lightfoot spool status: what was acknowledged and is not yet in the database, and what was put aside.

import type { CAC } from 'cac'
import { readSettings } from '../config/settings.ts'
import { spoolStatus } from '../load/spool_status.ts'
import { dataOwner } from '../serve/data_lock.ts'
import { UsageError } from './command_error.ts'

export function spool(cli: CAC): void {
  cli
    .command('spool <action>', 'What waits to be loaded: spool status')
    .example('lightfoot spool status')
    .action(async (action: string) => {
      if (action !== 'status') throw new UsageError('the action is: status')
      await printStatus()
    })
}

/** Read from the files alone, so it is the same with and without a running server. */
async function printStatus(): Promise<void> {
  const { dataDirectory } = readSettings(process.env)
  const running = await dataOwner(dataDirectory)
  const { segments, bytes, oldestSeconds, quarantined, rejects } = await spoolStatus(
    dataDirectory,
    Date.now(),
  )
  const lines: [string, string][] = [
    ['server', running ? `runs as process ${running.pid}` : 'does not run'],
    ['waiting', `${(bytes / 1024).toFixed(1)} KiB in ${segments} segments`],
    ['oldest', segments === 0 ? 'nothing waits' : `${oldestSeconds} s`],
    ['quarantine', `${quarantined} damaged segments`],
    ['rejects', `${rejects} files of rows that ClickHouse refused`],
  ]
  for (const [name, value] of lines) console.log(`${name.padEnd(11)} ${value}`)
}
