// Finds the command of a command line and runs it. Exit status: 0, 1 with one clear line, 2 with one line for wrong usage.

import { type CAC, cac } from 'cac'
import { ConfigError } from '../config/config.ts'
import { settingTexts } from '../config/settings.ts'
import { ReportError } from '../reports/report_error.ts'
import { version } from '../serve/version.ts'
import { MigrationError } from '../store/migrate.ts'
import { StoreError } from '../store/store.ts'
import { CommandError, UsageError } from './command_error.ts'

/** Each in a module of its own that is loaded for it alone: the server's start waits for no other command's packages. */
const commands: Readonly<Record<string, () => Promise<(cli: CAC) => void>>> = {
  serve: async () => (await import('./serve.ts')).serve,
  init: async () => (await import('./init.ts')).init,
  snippet: async () => (await import('./snippet.ts')).snippet,
  report: async () => (await import('./report.ts')).report,
  doctor: async () => (await import('./doctor.ts')).doctor,
  spool: async () => (await import('./spool.ts')).spool,
  import: async () => (await import('./import.ts')).imports,
  fold: async () => (await import('./fold.ts')).fold,
  migrate: async () => (await import('./migrate.ts')).migrate,
  demo: async () => (await import('./demo.ts')).demo,
}

export async function runCommand(argv: readonly string[]): Promise<number> {
  const cli = cac('lightfoot')
  const asked = commands[argv[2] ?? '']
  for (const load of asked ? [asked] : Object.values(commands)) (await load())(cli)
  cli.help(sections => [...sections, { title: 'Environment', body: environmentText() }])
  cli.version(version())
  try {
    cli.parse([...argv], { run: false })
    if (!cli.matchedCommand) return withoutCommand(cli.options, cli.args, () => cli.outputHelp())
    await cli.runMatchedCommand()
    return Number(process.exitCode ?? 0)
  } catch (error) {
    return failed(error)
  }
}

function environmentText(): string {
  const names = Object.keys(settingTexts)
  const width = Math.max(...names.map(name => name.length))
  return Object.entries(settingTexts)
    .map(([name, text]) => `  ${name.padEnd(width)}  ${text}`)
    .join('\n')
}

/** Help and version were printed by cac; an unknown command, or none, is a usage error. */
function withoutCommand(
  options: Readonly<Record<string, unknown>>,
  args: readonly string[],
  help: () => void,
): number {
  if (options.help === true || options.version === true) return 0
  if (args.length === 0) {
    help()
    return 2
  }
  console.error(`lightfoot: there is no command "${String(args[0])}"; lightfoot --help lists them`)
  return 2
}

function failed(error: unknown): number {
  if (!(error instanceof Error)) throw error
  const isUsage = error instanceof UsageError || error instanceof ReportError || error.name === 'CACError'
  if (isUsage) {
    console.error(`lightfoot: ${error.message}`)
    return 2
  }
  const isExpected = [CommandError, ConfigError, MigrationError, StoreError].some(
    kind => error instanceof kind,
  )
  if (isExpected || 'syscall' in error) {
    console.error(`lightfoot: ${error.message.replaceAll('\n', ' ')}`)
    return 1
  }
  throw error
}
