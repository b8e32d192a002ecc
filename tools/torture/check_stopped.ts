// The last word, without the product: it stops in order, and its files, read by another process, hold what was acknowledged;
// nothing was set aside.

import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { askDatabase } from '../testing/ask_database.ts'
import type { Product } from '../testing/product.ts'
import { ledgerDifferences } from './ledger_entries.ts'
import { differences, questions, storedSums } from './sums.ts'
import type { TortureLoad } from './torture_load.ts'

/** One line for each thing that is wrong. */
export async function checkStopped(product: Product, load: TortureLoad): Promise<string[]> {
  const { dataDirectory } = product
  product.kill('supervisor', 'SIGTERM')
  const status = await product.ended()
  const answers = await askDatabase(
    dataDirectory,
    questions().map(sql => ({ sql })),
  )
  const aside = ['spool/quarantine', 'rejects'].flatMap(name => filesOf(join(dataDirectory, name)))
  return [
    ...(status === 0 ? [] : [`the product ended with status ${status}`]),
    ...differences(load.sums, storedSums(answers.map(rowsOf))),
    ...ledgerDifferences(load.choices, dataDirectory),
    ...aside.map(file => `set aside: ${file}`),
  ]
}

function rowsOf(text: string): Record<string, string>[] {
  return text
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line))
}

function filesOf(directory: string): string[] {
  return existsSync(directory) ? readdirSync(directory) : []
}
