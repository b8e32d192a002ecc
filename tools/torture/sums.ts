// Two sides of one account: what was acknowledged, added up as the answers came, and what is stored, added up by the
// database. The check is that they are equal in every table.

import type { Batch } from '../../contract/events.ts'
import { figures, rollupNames } from './figures.ts'

/** By site and figure. */
export type Sums = Map<string, number>
/** By table: `events`, `rollup_pages` … */
export type Stored = ReadonlyMap<string, ReadonlyMap<string, number>>

const key = (site: string, figure: string) => `${site} ${figure}`

export function addBatch(sums: Sums, { site, events }: Batch): void {
  for (const { name, of } of figures) {
    const added = events.reduce((sum, event) => sum + of(event), 0)
    sums.set(key(site, name), (sums.get(key(site, name)) ?? 0) + added)
  }
}

/** One question a table, in the order of `tables`. */
export const tables: readonly string[] = ['events', ...rollupNames.map(name => `rollup_${name}`)]

export function questions(): string[] {
  return tables.map(table => {
    const columns = sumsOf(table).map(([, sql], index) => `${sql} as f${index}`)
    return `select site, ${columns.join(', ')} from ${table} group by site`
  })
}

/** What the questions were answered. */
export function storedSums(answers: readonly (readonly Record<string, string>[])[]): Stored {
  return new Map(
    tables.map((table, at) => {
      const sums = new Map<string, number>()
      for (const row of answers[at] ?? [])
        for (const [index, [figure]] of sumsOf(table).entries())
          sums.set(key(String(row.site), figure), Number(row[`f${index}`]))
      return [table, sums]
    }),
  )
}

/** Each figure with its SQL in this table. */
function sumsOf(table: string): [figure: string, sql: string][] {
  return figures.flatMap(({ name, raw, rollups }): [string, string][] => {
    const sql = table === 'events' ? raw : rollups?.[table.replace('rollup_', '')]
    return sql === undefined ? [] : [[name, sql]]
  })
}

/** One line of the account: a figure of a site, and what each table that holds it says. */
export type Line = {
  readonly site: string
  readonly figure: string
  readonly acknowledged: number
  readonly stored: readonly { readonly table: string; readonly sum: number }[]
}

/** Also of sites that only one side knows. */
export function account(acknowledged: Sums, stored: Stored): Line[] {
  const sites = new Set([acknowledged, ...stored.values()].flatMap(sums => [...sums.keys()].map(siteOf)))
  return [...sites].sort().flatMap(site =>
    figures.map(({ name }) => ({
      site,
      figure: name,
      acknowledged: acknowledged.get(key(site, name)) ?? 0,
      stored: tables
        .filter(table => sumsOf(table).some(([figure]) => figure === name))
        .map(table => ({ table, sum: stored.get(table)?.get(key(site, name)) ?? 0 })),
    })),
  )
}

function siteOf(name: string): string {
  return name.slice(0, name.indexOf(' '))
}

/** One line of text for each table that says something else than the answers did. */
export function differences(acknowledged: Sums, stored: Stored): string[] {
  return account(acknowledged, stored).flatMap(line =>
    line.stored.flatMap(({ table, sum }) => {
      const missing = line.acknowledged - sum
      if (missing === 0) return []
      const what = `${Math.abs(missing)} ${missing > 0 ? 'lost' : 'doubled'}`
      return [
        `${table}, ${line.site}, ${line.figure}: ${line.acknowledged} acknowledged, ${sum} stored, ${what}`,
      ]
    }),
  )
}
