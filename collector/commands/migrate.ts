// lightfoot migrate: brings the database to the schema of this version. A running server has done so at its start.

import { join } from 'node:path'
import type { CAC } from 'cac'
import { packageRoot } from '../config/package_root.ts'
import { readSettings } from '../config/settings.ts'
import { dataOwner, lockData } from '../serve/data_lock.ts'
import { type Migration, migrate as runMigrations } from '../store/migrate.ts'
import { openStore } from '../store/open_store.ts'
import { adminClient } from './admin_client.ts'
import { CommandError } from './command_error.ts'
import type { Flags } from './flags.ts'

export function migrate(cli: CAC): void {
  cli
    .command('migrate', 'Bring the database to the schema of this version')
    .option('--dry-run', 'Only say what would be applied')
    .example('lightfoot migrate --dry-run')
    .action(async (flags: Flags) => {
      const isDry = flags.dryRun === true
      for (const { name, state } of await migrations(isDry)) {
        console.log(`${state === 'applied' ? 'is there' : isDry ? 'would apply' : 'applied'}  ${name}`)
      }
    })
}

async function migrations(dryRun: boolean): Promise<readonly Migration[]> {
  const settings = readSettings(process.env)
  const running = await dataOwner(settings.dataDirectory)
  if (running && running.adminUrl !== '') {
    const answer = await adminClient(running.adminUrl, settings).get('/api/migrations')
    return JSON.parse(answer.toString('utf8')).migrations
  }
  const taken = await lockData(settings.dataDirectory)
  if (!('lock' in taken))
    throw new CommandError(`${settings.dataDirectory} is in use by process ${taken.owner.pid}`)
  const store = await openStore(settings)
  try {
    return await runMigrations(store, { directory: join(packageRoot(), 'migrations'), dryRun })
  } finally {
    await store.close()
    taken.lock.release()
  }
}
