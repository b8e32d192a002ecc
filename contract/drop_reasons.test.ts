import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { dropReasons } from './drop_reasons.ts'

const collector = join(import.meta.dirname, '../collector')
const sources = readdirSync(collector, { recursive: true, encoding: 'utf8' })
  .filter(file => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .map(file => readFileSync(join(collector, file), 'utf8'))
  .join('\n')

// A reason that nothing can give would be a promise in the documentation and a line of /metrics that is always 0.
test.each(dropReasons)('%s is a reason that the collector can give', reason => {
  expect(sources).toMatch(new RegExp(`'${reason}'|\\b${reason}:|[{,] ${reason} \\}`))
})
