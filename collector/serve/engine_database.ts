// Opens the database and puts in order what an earlier engine left: schema, the load and the fold that were under way.

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Config, Settings } from '../config/config.ts'
import { packageRoot } from '../config/package_root.ts'
import { createFolder, type Folder } from '../fold/folder.ts'
import type { Fold, ImportCalls, Replay } from '../http/private_parts.ts'
import { createLoader, type Loader } from '../load/loader.ts'
import { finishReplays, replayRejects } from '../load/replay.ts'
import { checkServer } from '../store/check_server.ts'
import { migrate } from '../store/migrate.ts'
import { openStore } from '../store/open_store.ts'
import type { Store } from '../store/store.ts'
import type { AwayNotes } from './away_notes.ts'
import type { EngineWatch } from './engine_watch.ts'
import { createExclusive, type Exclusive } from './exclusive.ts'
import { openImports } from './open_imports.ts'
import { steadyNow } from './steady_now.ts'

export type EngineDatabase = {
  readonly store: Store
  readonly loader: Loader
  readonly folder: Folder
  readonly exclusive: Exclusive
  readonly foldDays: Fold
  readonly replay: Replay
  readonly importCalls: ImportCalls
  migrations(): Promise<unknown>
}

export type DatabaseOptions = {
  /** What waits is loaded at once instead of being gathered, for commands that work without a server. */
  readonly isHasty?: boolean
  readonly watch?: EngineWatch
  readonly away?: AwayNotes
  /** What whoever runs this should know: a line without data. */
  note?(line: string): void
}

export async function openDatabase(
  settings: Settings,
  config: () => Config,
  options: DatabaseOptions = {},
): Promise<EngineDatabase> {
  const store = await openStore(settings)
  try {
    const noted = options.away?.watch(store) ?? store
    await checkServer(noted)
    return await recover(options.watch?.inserts(noted) ?? noted, settings, config, options)
  } catch (error) {
    await store.close()
    throw error
  }
}

async function recover(
  store: Store,
  settings: Settings,
  config: () => Config,
  { isHasty = false, watch, note }: DatabaseOptions,
): Promise<EngineDatabase> {
  const within = (name: string) => join(settings.dataDirectory, name)
  const directory = join(packageRoot(), 'migrations')
  await migrate(store, { directory })
  mkdirSync(within('spool'), { recursive: true, mode: 0o700 })
  const folder = createFolder({
    store,
    directory: within('fold'),
    rollupsDirectory: join(packageRoot(), 'rollups'),
    rollupMonths: () =>
      Object.fromEntries(config().sites.map(({ id, retention }) => [id, retention.rollupMonths])),
    now: Date.now,
    steadyNow,
    ...(watch ? { onFolded: watch.folded } : {}),
  })
  const loader = createLoader({
    store,
    spoolDirectory: within('spool'),
    loadsDirectory: within('loads'),
    rejectsDirectory: within('rejects'),
    now: Date.now,
    steadyNow,
    ...(isHasty ? { maxAgeMs: 0 } : {}),
    ...(note ? { note } : {}),
    onLoaded: folder.markDirty,
  })
  await finishReplays(within('spool'), within('rejects'))
  await loader.recover()
  await folder.recover()
  const exclusive = createExclusive()
  const folds = createExclusive()
  return {
    store,
    loader,
    folder,
    exclusive,
    // Step by step, so that loads get their turn in between; who else asks waits for the whole.
    foldDays: (from, to, tell) =>
      folds(() =>
        folder.foldDays(from, to, {
          onProgress: tell,
          onStep: tell,
          ...(isHasty ? {} : { turn: exclusive }),
        }),
      ),
    replay: (loads, onReplayed) =>
      exclusive(async () => {
        await replayRejects({
          store,
          spoolDirectory: within('spool'),
          rejectsDirectory: within('rejects'),
          lastLoad: loader.status().lastLoad,
          loads,
          now: Date.now,
          onReplayed,
        })
      }),
    importCalls: openImports({ store, loader, dataDirectory: settings.dataDirectory, isHasty }),
    migrations: () => migrate(store, { directory, dryRun: true }),
  }
}
