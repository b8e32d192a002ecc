// lightfoot serve: starts the product, says where it can be opened, and obeys signals.

import type { CAC } from 'cac'
import { ConfigError } from '../config/config.ts'
import { readSettings } from '../config/settings.ts'
import { lockData } from '../serve/data_lock.ts'
import { createLog, type Log } from '../serve/log.ts'
import { type ServeOptions, serveOptions } from '../serve/serve_options.ts'
import { type Served, supervise } from '../serve/supervisor.ts'
import { banner } from './banner.ts'
import { CommandError } from './command_error.ts'
import type { Flags } from './flags.ts'

export function serve(cli: CAC): void {
  cli
    .command('serve', 'Take events and answer reports, until it is told to stop')
    .option('--demo', 'Serve the demo site too, on this machine only')
    .example('lightfoot serve')
    .example('lightfoot serve --demo')
    .action(run)
}

async function run(flags: Flags): Promise<void> {
  const settings = readSettings(process.env)
  const options = await serveOptions(settings, flags.demo === true)
  options.readConfig()
  const taken = await lockData(settings.dataDirectory)
  if (!('lock' in taken)) {
    throw new CommandError(
      `${settings.dataDirectory} is in use by process ${taken.owner.pid}: stop it, or set LIGHTFOOT_DATA`,
    )
  }
  const log = createLog(settings, 'supervisor')
  const stopped = stopSignal()
  let reloadNow = () => {}
  // From the beginning: a SIGHUP that nobody hears ends the process.
  process.on('SIGHUP', () => reloadNow())
  const served = await supervise(options, taken.lock, log)
  if (typeof served === 'string') throw new CommandError(served)
  reloadNow = () => reload(options, served, log)
  console.log(banner(served, options))
  await stopped
  const refusal = await served.stop()
  if (refusal !== undefined) throw new CommandError(refusal)
  process.exit(0)
}

function stopSignal(): Promise<void> {
  return new Promise(resolve => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => resolve())
  })
}

/** A wrong file is refused with one clear line, and the old configuration stays. */
function reload(options: ServeOptions, served: Served, log: Log): void {
  try {
    served.reload(options.readConfig())
    log.info('the configuration was read again')
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    console.error(`lightfoot: ${error.message}; the configuration from before stays`)
  }
}
