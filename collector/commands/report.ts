// lightfoot report NAME: a report of a site for people or programs.

import { writeFileSync } from 'node:fs'
import type { CAC } from 'cac'
import { reportPeriod } from '../http/report_period.ts'
import { isReportFormat, reportFormats } from '../reports/format_result.ts'
import { isReportName, reportNames, runReport } from '../reports/run_report.ts'
import { UsageError } from './command_error.ts'
import { accessData, settle } from './data_access.ts'
import { type Flags, textFlag } from './flags.ts'

export function report(cli: CAC): void {
  cli
    .command('report <name>', `Print a report: ${reportNames.join(', ')}`)
    .option('--site <id>', 'Site; may be left out when there is only one')
    .option('--from <day>', 'First day in the site’s time zone (default: six days before the last)')
    .option('--to <day>', 'Last day, included (default: today)')
    .option('--format <format>', `${reportFormats.join(', ')} (default: table)`)
    .option('--out <file>', 'Write to a file instead of standard output')
    .example('lightfoot report pages --site shop')
    .example(
      'lightfoot report sources --site shop --from 2026-01-01 --to 2026-01-31 --format csv --out sources.csv',
    )
    .action(printReport)
}

async function printReport(name: string, flags: Flags): Promise<void> {
  if (!isReportName(name))
    throw new UsageError(`there is no report of this name; there are: ${reportNames.join(', ')}`)
  const format = textFlag(flags, 'format') ?? 'table'
  if (!isReportFormat(format)) throw new UsageError(`--format is one of ${reportFormats.join(', ')}`)
  const [id, from, to, out] = ['site', 'from', 'to', 'out'].map(flag => textFlag(flags, flag))
  if (format === 'parquet' && out === undefined && process.stdout.isTTY) {
    throw new UsageError('parquet is binary: name a file with --out')
  }
  const body = await accessData({
    async overHttp(client) {
      const site = askedSite<{ id: string }>(JSON.parse(String(await client.get('/api/sites'))), id)
      return client.get(`/api/reports/${name}?${query({ site: site.id, from, to, format })}`)
    },
    async directly(database, config) {
      const site = askedSite(config.sites, id)
      const period = reportPeriod(site, Date.now(), from, to)
      if (!period)
        throw new UsageError('--from and --to are days such as 2026-02-28, the first not after the last')
      await settle(database)
      return (await runReport(database.store, { name, site, ...period, format })).body
    },
  })
  if (out === undefined) process.stdout.write(body)
  else writeFileSync(out, body)
}

function query(values: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return new URLSearchParams(given).toString()
}

/** The only site need not be named. Shared by the commands that are about one site. */
export function askedSite<T extends { readonly id: string }>(sites: readonly T[], id: string | undefined): T {
  const ids = sites.map(site => site.id).join(', ')
  if (id === undefined && sites.length > 1) throw new UsageError(`--site says which site: ${ids}`)
  const site = id === undefined ? sites[0] : sites.find(candidate => candidate.id === id)
  if (!site) throw new UsageError(`there is no such site in the configuration; there are: ${ids}`)
  return site
}
