// How a command ends other than well. A person sees one clear line either way.

/** The command line is wrong: exit 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** The command cannot do it: exit 1. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
}
