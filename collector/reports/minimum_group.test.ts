// The minimum group, as a rule about whole periods: whoever asks for two periods and subtracts them learns the tables of
// the days between them, and nothing else; and no row of a day's table is about fewer people than the minimum.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { goldenSites } from '../../tools/testing/golden_events.ts'
import { migrate } from '../store/migrate.ts'
import { openStore } from '../store/open_store.ts'
import type { Store } from '../store/store.ts'
import { runReport } from './run_report.ts'

type Row = Record<string, string | number>
/** `/3` to what a report says of it: [count, visitors]. */
type Table = ReadonlyMap<string, readonly [number, number]>

/** What came to one page, referrer, country … on one day. */
type Group = {
  readonly day: number
  readonly name: number
  readonly ids: number
  readonly identities: number
  readonly withoutId: number
  readonly count: number
}

const root = join(import.meta.dirname, '../..')
const scratch = mkdtempSync(join(tmpdir(), 'lightfoot-minimum-'))
let store: Store

beforeAll(async () => {
  store = await openStore({ dataDirectory: scratch, clickhouseUrl: undefined })
  await migrate(store, { directory: join(root, 'migrations') })
})
afterAll(async () => {
  await store.close()
  rmSync(scratch, { recursive: true, force: true })
})

/** Three, so that a period can begin, end, and lie inside another. */
const days = ['2026-11-20', '2026-11-21', '2026-11-22']
const periods = days.flatMap((_, from) => days.slice(from).map((_, length) => [from, from + length] as const))
const other = '(other)'

/** Of each report: the column that names a group, the one that counts, and what else a row of its rollup needs. */
const reports: readonly { report: string; name: string; count: string; values?: Row }[] = [
  { report: 'pages', name: 'path', count: 'views' },
  { report: 'sources', name: 'arrival', count: 'views' },
  { report: 'flows', name: 'from_path', count: 'views' },
  { report: 'audience', name: 'value', count: 'views', values: { dimension: 'country' } },
  { report: 'actions', name: 'kind', count: 'clicks' },
  { report: 'calls', name: 'dialled', count: 'clicks' },
  { report: 'exits', name: 'path', count: 'exits' },
  { report: 'errors', name: 'kind', count: 'errors' },
  { report: 'scroll', name: 'path', count: 'pages', values: { decile: 3 } },
  { report: 'timings', name: 'path', count: 'samples', values: { metric: 'LCP', bucket_to: 10 } },
]

const groups = fc.uniqueArray(
  fc.record({
    day: fc.nat(days.length - 1),
    name: fc.nat(4),
    ids: fc.nat(4),
    identities: fc.nat(2),
    withoutId: fc.nat(9),
    count: fc.integer({ min: 1, max: 9 }),
  }),
  { selector: ({ day, name }) => `${day} ${name}`, maxLength: 15 },
)

const isHourly = (rollup: string) => !['scroll', 'timings'].includes(rollup)

describe.each(reports)('$report', ({ report, name, count, values = {} }) => {
  let runs = 0

  /** A site of its own for each set of groups. */
  async function fill(groups: readonly Group[]): Promise<string> {
    runs += 1
    const site = `${report}-${runs}`
    const rows = groups.flatMap(group => {
      const day = days[group.day] ?? ''
      const hour = isHourly(report) ? { hour: `${day} 10:00:00` } : {}
      const common = { site, day, ...hour, expires: '2100-01-01', [name]: `/${group.name}` }
      const nobody = { daily_ids: 0, identities: 0, without_id: 0 }
      const people = { daily_ids: group.ids, identities: group.identities, without_id: group.withoutId }
      // As the fold writes them: what is counted in one row, people in another, without a decile.
      return [
        { ...common, ...values, ...nobody, [count]: group.count },
        { ...common, ...values, ...people, [count]: 0, ...(report === 'scroll' ? { decile: 0 } : {}) },
      ] as Row[]
    })
    if (rows[0] === undefined) return site
    const columns = Object.keys(rows[0])
    const lines = rows.map(row => `${columns.map(column => row[column]).join('\t')}\n`)
    await store.insert(`rollup_${report}`, columns, Buffer.from(lines.join('')), site)
    return site
  }

  async function read(site: string, minimumGroup: number, [from, to]: readonly [number, number]) {
    const asked = { ...goldenSites.shop, id: site, minimumGroup }
    const period = { from: days[from] ?? '', to: days[to] ?? '' }
    const { body } = await runReport(store, { name: report, site: asked, ...period, format: 'json' })
    const rows: Row[] = JSON.parse(body.toString()).rows
    const table: Table = new Map(
      rows.map(row => [String(row[name]), [Number(row[count]), Number(row.visitors)]]),
    )
    expect(table.size).toBe(rows.length)
    return table
  }

  function sum(tables: readonly Table[]) {
    const total = new Map<string, readonly [number, number]>()
    for (const [name, [count, visitors]] of tables.flatMap(table => [...table])) {
      const [counts, people] = total.get(name) ?? [0, 0]
      total.set(name, [counts + count, people + visitors])
    }
    return total
  }

  it('a period is the sum of its days, and no day shows too few', async () => {
    await fc.assert(
      fc.asyncProperty(groups, fc.integer({ min: 1, max: 7 }), async (groups, minimum) => {
        const site = await fill(groups)
        const ofPeriod = new Map<string, Table>()
        for (const period of periods) ofPeriod.set(String(period), await read(site, minimum, period))
        const ofDays = days.map((_, day) => ofPeriod.get(String([day, day])) ?? new Map())
        for (const [day, table] of ofDays.entries())
          checkDay(
            groups.filter(group => group.day === day),
            minimum,
            table,
          )
        for (const [from, to] of periods) {
          const whole = ofPeriod.get(String([from, to])) ?? new Map()
          expect(new Map([...whole].sort())).toEqual(new Map([...sum(ofDays.slice(from, to + 1))].sort()))
          for (const [innerFrom, innerTo] of periods.filter(inner => from <= inner[0] && inner[1] <= to)) {
            const inner = ofPeriod.get(String([innerFrom, innerTo])) ?? new Map()
            const outside = [...ofDays.slice(from, innerFrom), ...ofDays.slice(innerTo + 1, to + 1)]
            expect(new Map([...whole].sort())).toEqual(new Map([...sum([inner, ...outside])].sort()))
          }
        }
      }),
      { numRuns: 6 },
    )
  })

  function checkDay(groups: readonly Group[], minimum: number, table: Table): void {
    const people = ({ ids, identities }: Group) => ids + identities
    const all = groups.reduce((sum, group) => sum + people(group), 0)
    const isShown = minimum === 1 || all >= minimum
    const alone = groups.filter(group => table.has(`/${group.name}`))
    for (const group of alone) {
      expect(table.get(`/${group.name}`)).toEqual([group.count, people(group)])
      expect(people(group)).toBeGreaterThanOrEqual(minimum === 1 ? 0 : minimum)
    }
    // What is not shown alone is in (other), all of it, and that is large enough; or the day shows nothing.
    const merged = groups.filter(group => !alone.includes(group))
    expect(table.size).toBe(isShown ? alone.length + Math.min(1, merged.length) : 0)
    if (!isShown || merged.length === 0) return
    const [counts, visitors] = table.get(other) ?? [0, 0]
    expect(counts).toBe(merged.reduce((sum, group) => sum + group.count, 0))
    expect(visitors).toBe(merged.reduce((sum, group) => sum + people(group), 0))
    expect(visitors).toBeGreaterThanOrEqual(minimum)
    // No more than needed: those below the minimum, and the smallest of the others only where they are too few together.
    const small = merged.filter(group => people(group) < minimum)
    const smallPeople = small.reduce((sum, group) => sum + people(group), 0)
    expect(small.length).toBeGreaterThan(0)
    expect(merged.length - small.length).toBe(smallPeople < minimum ? 1 : 0)
    expect(minimum).toBeGreaterThan(1)
  }
})
