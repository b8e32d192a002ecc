// The data directory belongs to one process. While a server runs, a command asks it over HTTP; while none runs, the
// command holds the directory itself, for as long as it works.

import type { Config, Settings } from '../config/config.ts'
import { readSettings } from '../config/settings.ts'
import { dataOwner, lockData } from '../serve/data_lock.ts'
import { type EngineDatabase, openDatabase } from '../serve/engine_database.ts'
import { serveOptions } from '../serve/serve_options.ts'
import { takeOver } from '../serve/take_over.ts'
import { type AdminClient, adminClient } from './admin_client.ts'
import { CommandError } from './command_error.ts'

export type Ways<T> = {
  overHttp(client: AdminClient): Promise<T>
  directly(database: EngineDatabase, config: Config): Promise<T>
}

export async function accessData<T>(
  ways: Ways<T>,
  settings: Settings = readSettings(process.env),
): Promise<T> {
  const running = await dataOwner(settings.dataDirectory)
  if (running && running.adminUrl !== '') return ways.overHttp(adminClient(running.adminUrl, settings))
  const options = await serveOptions(settings, false)
  const config = options.readConfig()
  const taken = await lockData(settings.dataDirectory)
  if (!('lock' in taken)) {
    throw new CommandError(
      `${settings.dataDirectory} is in use by process ${taken.owner.pid}: try again when it is done`,
    )
  }
  try {
    const obstacle = await takeOver(settings.dataDirectory)
    if (obstacle !== undefined) throw new CommandError(obstacle)
    const database = await openDatabase(settings, () => config, { isHasty: true })
    try {
      return await ways.directly(database, config)
    } finally {
      await database.store.close()
    }
  } finally {
    taken.lock.release()
  }
}

/** Loads and folds what waits, so that an answer counts everything that was ever acknowledged. */
export async function settle({ loader, folder }: EngineDatabase): Promise<void> {
  while (await loader.tick());
  const { problem } = loader.status()
  if (problem) throw new CommandError(`what waits in the spool cannot be loaded: ${problem.message}`)
  await folder.foldDirty()
}
