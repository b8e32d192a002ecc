// The torture's result as text: how the rounds of each target went, and every figure on both sides.

import { type Column, textTable } from '../../collector/reports/text_table.ts'
import { account } from './sums.ts'
import { type Round, roles, type Tortured } from './torture.ts'

export function report({ rounds, problems, load, stored, folder }: Tortured): string {
  const events = load.events().toLocaleString('en')
  const again = `${load.retried().toLocaleString('en')} batches sent again`
  const verdict =
    problems.length === 0
      ? `acknowledged = stored: ${events} events, ${again}, each there once in raw rows and in every rollup`
      : [`NOT EQUAL after round ${rounds.length}:`, ...problems].join('\n  ')
  const kept = folder === undefined ? [] : [`the data directory is kept: ${folder}`]
  return [roundTable(rounds), sumTable({ load, stored }), verdict, ...kept].join('\n')
}

const text = (name: string): Column => ({ name, type: 'String' })
const number = (name: string): Column => ({ name, type: 'UInt64' })

/** Seconds from the kill until requests are answered and the database is open, and from the last answer until all is folded. */
function roundTable(rounds: readonly Round[]): string {
  const columns = [text('kill -9 of'), ...['rounds', 'back p50', 'max', 'equal p50', 'max '].map(number)]
  const rows = roles.flatMap(role => {
    const own = rounds.filter(({ target }) => target === role)
    if (own.length === 0) return []
    const [back, backMax] = halfAndMost(own.map(({ backMs }) => backMs))
    const [equal, equalMax] = halfAndMost(own.map(({ equalMs }) => equalMs))
    return [
      {
        'kill -9 of': role,
        rounds: own.length,
        'back p50': `${back} s`,
        max: `${backMax} s`,
        'equal p50': `${equal} s`,
        'max ': `${equalMax} s`,
      },
    ]
  })
  return textTable(columns, rows)
}

function halfAndMost(ms: readonly number[]): [string, string] {
  const sorted = [...ms].sort((a, b) => a - b)
  const seconds = (at: number) => ((sorted[at] ?? 0) / 1000).toFixed(1)
  return [seconds(Math.floor(sorted.length / 2)), seconds(sorted.length - 1)]
}

function sumTable({ load, stored }: Pick<Tortured, 'load' | 'stored'>): string {
  const columns = [text('site'), text('figure'), number('acknowledged'), number('raw rows'), text('rollups')]
  const rows = account(load.sums, stored).map(line => {
    const [raw, ...rollups] = line.stored
    return {
      site: line.site,
      figure: line.figure,
      acknowledged: line.acknowledged,
      'raw rows': raw?.sum ?? 0,
      rollups: rollups
        .map(({ table, sum }) => `${table.replace('rollup_', '')} ${sum === line.acknowledged ? '=' : sum}`)
        .join(', '),
    }
  })
  return textTable(columns, rows)
}
