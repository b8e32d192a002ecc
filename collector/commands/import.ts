// lightfoot import calls FILE: calls of the telephone system, beside the tel: clicks of the site. Exit status 1 when a line was
// refused: it is named by its number, the others are in.

import { createReadStream, existsSync, statSync } from 'node:fs'
import { extname } from 'node:path'
import type { CAC } from 'cac'
import type { Site } from '../config/config.ts'
import { readSettings } from '../config/settings.ts'
import { noNumbers } from '../http/routes/imports.ts'
import { type CallFormat, CallHeaderError } from '../imports/call_fields.ts'
import { type CallCounts, CallListTooLong, type CallTold, callsMax } from '../imports/import_calls.ts'
import { type CallProblem, callProblems } from '../imports/read_call.ts'
import { serveOptions } from '../serve/serve_options.ts'
import { CommandError, UsageError } from './command_error.ts'
import { accessData, settle } from './data_access.ts'
import { type Flags, textFlag } from './flags.ts'
import { createProgress } from './progress.ts'
import { askedSite } from './report.ts'

export function imports(cli: CAC): void {
  cli
    .command('import <what> <file>', 'Import calls: CSV or NDJSON with time, caller, dialled, seconds')
    .option('--site <id>', 'Site; may be left out when there is only one')
    .option('--dry-run', 'Only say what would be imported')
    .example('lightfoot import calls calls.csv --site shop')
    .action(async (what: string, file: string, flags: Flags) => {
      if (what !== 'calls') throw new UsageError('what can be imported is: calls')
      await importFile(file, flags)
    })
}

const contentTypes: Readonly<Record<CallFormat, string>> = { csv: 'text/csv', ndjson: 'application/x-ndjson' }

/** Lines that are named; of more only the number is told. */
const namedMax = 20

async function importFile(file: string, flags: Flags): Promise<void> {
  const format = formatOf(file)
  const isDryRun = flags.dryRun === true
  if (!existsSync(file) || !statSync(file).isFile()) throw new CommandError(`there is no file ${file}`)
  const settings = readSettings(process.env)
  const site = askedSite((await serveOptions(settings, false)).readConfig().sites, textFlag(flags, 'site'))
  const problem = noNumbers(site)
  if (problem !== undefined) throw new UsageError(problem)
  const watch = watchImport(file)
  const counts = await accessData<CallCounts>(
    {
      overHttp: client => overHttp(client, { format, site, isDryRun, stream: watch.stream }, watch.tell),
      async directly(database) {
        await settle(database)
        const list = { source: watch.stream, format, site, isDryRun }
        const counts = await database.importCalls(list, watch.tell).catch(error => {
          throw expected(error)
        })
        await settle(database)
        return counts
      },
    },
    settings,
  )
  watch.end()
  conclude(counts, isDryRun)
}

function formatOf(file: string): CallFormat {
  const extension = extname(file).toLowerCase()
  if (extension === '.csv' || extension === '.tsv') return 'csv'
  if (extension === '.ndjson' || extension === '.jsonl') return 'ndjson'
  throw new UsageError('the file is named .csv, .tsv, .ndjson or .jsonl, which tells how it is written')
}

type Client = Parameters<Parameters<typeof accessData>[0]['overHttp']>[0]
type Sent = { format: CallFormat; site: Site; isDryRun: boolean; stream: ReturnType<typeof createReadStream> }

async function overHttp(
  client: Client,
  { format, site, isDryRun, stream }: Sent,
  tell: (told: CallTold) => void,
): Promise<CallCounts> {
  let last: Readonly<Record<string, unknown>> = {}
  const path = `/api/import/calls?site=${site.id}${isDryRun ? '&dry=1' : ''}`
  await client.upload(path, { contentType: contentTypes[format], stream }, line => {
    last = line
    if (line.finished === undefined) tell(line as CallTold)
  })
  if (last.finished === true) return last as unknown as CallCounts
  throw new CommandError(
    typeof last.message === 'string' ? last.message : 'the running server ended the import: run it again',
  )
}

function expected(error: unknown): unknown {
  if (error instanceof CallHeaderError) return new CommandError(error.message)
  if (error instanceof CallListTooLong)
    return new CommandError(`a list has at most ${callsMax} calls: so many are in, divide the rest`)
  return error
}

/** Refused lines as they are found, and how much of the file was read. */
function watchImport(file: string) {
  const stream = createReadStream(file)
  const total = Math.max(1, statSync(file).size)
  const progress = createProgress(process.stderr, { label: 'bytes', total, now: () => performance.now() })
  let named = 0
  return {
    stream,
    tell(told: CallTold): void {
      if ('line' in told) {
        if (++named <= namedMax) nameLine(told.line, told.problem)
      } else if (total > largeBytes) progress.update(stream.bytesRead)
    },
    end(): void {
      progress.end()
      if (named > namedMax) console.error(`and ${named - namedMax} more lines`)
    },
  }
}

/** What is smaller is done before anyone looks. */
const largeBytes = 1024 * 1024

function nameLine(line: number, problem: CallProblem): void {
  console.error(`line ${line}: ${callProblems[problem]}`)
}

function conclude({ calls, repeated, refused }: CallCounts, isDryRun: boolean): void {
  const there = repeated > 0 ? `, ${repeated} were there already` : ''
  console.log(`${calls} calls ${isDryRun ? 'would be imported' : 'imported'}${there}`)
  if (refused > 0) throw new CommandError(`${refused} lines were left out`)
}
