// lightfoot spool: what was acknowledged and is not yet in the database, whether it is whole, and what was put aside.

import type { CAC } from 'cac'
import { UsageError } from './command_error.ts'
import { printStatus } from './spool/print_status.ts'
import { replay } from './spool/replay.ts'
import { verify } from './spool/verify.ts'

export function spool(cli: CAC): void {
  cli
    .command('spool <action> [...loads]', 'What waits to be loaded: spool status, verify or replay')
    .example('lightfoot spool status')
    .example('lightfoot spool verify')
    .example('lightfoot spool replay 1000000042')
    .action(async (action: string, loads: readonly string[]) => {
      if (action === 'replay') return replay(loads)
      if (loads.length > 0) throw new UsageError(`spool ${action} takes no more words`)
      if (action === 'status') return printStatus()
      if (action === 'verify') return verify()
      throw new UsageError('the action is one of: status, verify, replay')
    })
}
