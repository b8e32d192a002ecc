// The frame of both kinds of child: linked to the supervisor, ended when it cannot go on, and silent about data when it fails.

import { type Link, linkToSupervisor } from './child_link.ts'
import { createLog, describeError } from './log.ts'
import { refusalOf } from './refusal.ts'

/** `serve` starts the child's work; what it throws is either a refusal, told to the supervisor, or a failure, logged. */
export async function runChild(
  kind: 'acceptor' | 'engine',
  serve: (link: Link) => Promise<void>,
): Promise<void> {
  const link = await linkToSupervisor()
  const { settings, slot } = link.start
  const log = createLog(settings, kind === 'engine' ? kind : `${kind}-${slot}`)
  // Node would print the message of an error, and messages quote what was read. The supervisor starts a new child.
  const fail = (error: unknown) => {
    log.fatal(describeError(error), `the ${kind} failed`)
    process.exit(1)
  }
  process.on('uncaughtException', fail)
  try {
    await serve(link)
  } catch (error) {
    const message = refusalOf(error, settings, kind === 'engine')
    if (message === undefined) fail(error)
    else link.refuse(message)
  }
}
