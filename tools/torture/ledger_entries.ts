// What the ledger of consent holds, read from its files as they lie: a kill may leave half a line at the end of one.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Choices } from './torture_load.ts'

type Entries = { readonly grants: ReadonlyMap<string, number>; readonly refusals: number }

export function ledgerEntries(dataDirectory: string): Entries {
  const directory = join(dataDirectory, 'ledger')
  const files = existsSync(directory) ? readdirSync(directory) : []
  const grants = new Map<string, number>()
  let refusals = 0
  for (const line of files.flatMap(file => readFileSync(join(directory, file), 'utf8').split('\n'))) {
    const entry = parseLine(line)
    if (entry?.choice === 'grant') grants.set(String(entry.id), (grants.get(String(entry.id)) ?? 0) + 1)
    else if (entry !== undefined) refusals++
  }
  return { grants, refusals }
}

function parseLine(line: string): { choice: string; id?: string } | undefined {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

/** Every acknowledged choice is there. A refusal has no key, so one that was made again may be there more than once. */
export function ledgerDifferences({ grants, refusals }: Choices, dataDirectory: string): string[] {
  const entries = ledgerEntries(dataDirectory)
  const lost = grants.filter(id => entries.grants.get(id) !== 1).length
  const problems =
    lost === 0 ? [] : [`ledger: ${lost} of ${grants.length} acknowledged grants are not there once`]
  if (entries.refusals < refusals.acknowledged || entries.refusals > refusals.sent)
    problems.push(
      `ledger: ${entries.refusals} refusals, ${refusals.acknowledged} acknowledged, ${refusals.sent} sent`,
    )
  return problems
}
