// The check of the walls is proved by planted violations: it must find each of them, and nothing in a tidy house.

import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { findCycles, findImports, findViolations, readSources } from './import_order.mjs'

const dependencies = ['zod', 'chdb', '@clickhouse/client', 'ipaddr.js', 'mmdb-lib', 'express']

/** A small house in which everything is allowed. */
const tidy = {
  'contract/limits.ts': 'export const limits = {}',
  'contract/validate.ts': `import { limits } from './limits.ts'\nexport const a = limits`,
  'tracker/lightfoot.ts': `import { limits } from '../contract/limits.ts'\nimport { onLCP } from 'web-vitals'`,
  'dashboard/main.ts': `import { h } from 'preact/hooks'\nimport type { A } from '../contract/limits.ts'`,
  'collector/config/config.ts': `import { z } from 'zod'\nimport { readFileSync } from 'node:fs'`,
  'collector/pipeline/stages.ts': `import type { Site } from '../config/config.ts'`,
  'collector/store/open_store.ts': `import { createClient } from '@clickhouse/client'\nconst chdb = await import('chdb')`,
  'collector/http/client_address.ts': `import ipaddr from 'ipaddr.js'`,
  'collector/http/country.ts': `import { Reader } from 'mmdb-lib'`,
  'collector/http/routes/events.ts': `import { a } from '../client_address.ts'`,
  'collector/commands/doctor.ts': `import { a } from '../store/open_store.ts'`,
  'collector/main.ts': `import { a } from './commands/doctor.ts'\nimport { b } from './config/config.ts'`,
  'collector/config/config.test.ts': `import { x } from '../commands/doctor.ts'\nimport { y } from 'vitest'`,
  'tools/testing/product.ts': `import { x } from '../../collector/main.ts'`,
  'migrations/0001_events.sql': '',
  'loadtest/README.md': '',
}

function check(planted: Record<string, string> = {}): string[] {
  return findViolations(new Map(Object.entries({ ...tidy, ...planted })), dependencies)
}

test('a tidy house has no violation', () => {
  expect(check()).toEqual([])
})

const plants: readonly [name: string, file: string, text: string, wanted: string][] = [
  [
    'contract imports a package',
    'contract/a.ts',
    `import { z } from 'zod'`,
    'imports zod; contract may import no package',
  ],
  [
    'contract imports node',
    'contract/a.ts',
    `import fs from 'fs'`,
    'imports node:fs; contract may import no package',
  ],
  [
    'contract imports the collector',
    'contract/a.ts',
    `import type { A } from '../collector/config/config.ts'`,
    'imports collector/config/config.ts; contract may import from nothing',
  ],
  [
    'tracker imports the collector',
    'tracker/a.ts',
    `import type { A } from '../collector/config/config.ts'`,
    'imports collector/config/config.ts; tracker may import from contract only',
  ],
  [
    'tracker imports node',
    'tracker/a.ts',
    `import 'node:fs'`,
    'imports node:fs; tracker may import no package but web-vitals, @iabtcf/core',
  ],
  [
    'tracker imports a package',
    'tracker/a.ts',
    `import {\n  z,\n} from 'zod'`,
    'imports zod; tracker may import no package but web-vitals, @iabtcf/core',
  ],
  [
    'dashboard imports the collector',
    'dashboard/a.ts',
    `export * from '../collector/reports/run_report.ts'`,
    'imports collector/reports/run_report.ts; dashboard may import from contract only',
  ],
  [
    'collector imports the tracker',
    'collector/http/a.ts',
    `import { a } from '../../tracker/lightfoot.ts'`,
    'imports tracker/lightfoot.ts; collector may import from contract only',
  ],
  [
    'a room imports from a later one',
    'collector/pipeline/a.ts',
    `import { a } from '../spool/writer.ts'`,
    'imports collector/spool/writer.ts; pipeline comes before spool',
  ],
  [
    'a room imports a type from a later one',
    'collector/config/a.ts',
    `import type { A } from '../pipeline/stages.ts'`,
    'imports collector/pipeline/stages.ts; config comes before pipeline',
  ],
  [
    'a room imports a type from a later one in the place',
    'collector/store/a.ts',
    `type A = import('../load/loader.ts').Loader`,
    'imports collector/load/loader.ts; store comes before load',
  ],
  [
    'a room imports from a later one when called',
    'collector/fold/a.ts',
    `const later = () => import( "../serve/engine.ts" )`,
    'imports collector/serve/engine.ts; fold comes before serve',
  ],
  [
    'a room re-exports from a later one',
    'collector/reports/a.ts',
    `export { a } from '../privacy/ledger.ts'`,
    'imports collector/privacy/ledger.ts; reports comes before privacy',
  ],
  [
    'a file deep in a room imports from a later one',
    'collector/http/routes/a.ts',
    `import { a } from '../../serve/engine.ts'`,
    'imports collector/serve/engine.ts; http comes before serve',
  ],
  [
    'the bin is imported',
    'collector/commands/a.ts',
    `import { a } from '../main.ts'`,
    'imports collector/main.ts, which is in no room of the collector',
  ],
  [
    'a file stands outside of all rooms',
    'collector/util/a.ts',
    `import { a } from '../config/config.ts'`,
    'is in no room of the collector: config, pipeline, spool, store, load, fold, reports, privacy, imports, http, serve, commands',
  ],
  [
    'chdb outside of store',
    'collector/load/a.ts',
    `import { query } from 'chdb'`,
    'imports chdb; only collector/store may',
  ],
  [
    'chdb by require',
    'collector/fold/a.ts',
    `const c = require('chdb')`,
    'imports chdb; only collector/store may',
  ],
  [
    'ClickHouse outside of store',
    'collector/reports/a.ts',
    `import type { C } from '@clickhouse/client/x'`,
    'imports @clickhouse/client; only collector/store may',
  ],
  [
    'addresses outside of their file',
    'collector/http/a.ts',
    `import ipaddr from 'ipaddr.js'`,
    'imports ipaddr.js; only collector/http/client_address.ts may',
  ],
  [
    'countries outside of http',
    'collector/pipeline/a.ts',
    `import { R } from 'mmdb-lib'`,
    'imports mmdb-lib; only collector/http may',
  ],
  [
    'no dependency',
    'collector/http/a.ts',
    `import x from 'lodash'`,
    'imports lodash, which is no dependency in package.json',
  ],
  [
    'product imports a test',
    'collector/http/a.ts',
    `import x from '../config/config.test.ts'`,
    'imports collector/config/config.test.ts, which is for tests',
  ],
  [
    'product imports tools',
    'contract/a.ts',
    `import x from '../tools/build.mjs'`,
    'imports tools/build.mjs, which is no part of the product',
  ],
  ['default export', 'contract/a.ts', 'export default 1', 'a default export; give it a name'],
  [
    'default export by name',
    'contract/a.ts',
    'const a = 1\nexport { a as default }',
    'a default export; give it a name',
  ],
  ['file in camelCase', 'contract/batchSchema.ts', '', 'name files in snake_case'],
  ['file in kebab-case', 'tools/import-order.mjs', '', 'name files in snake_case'],
  ['migration without a number', 'migrations/events.sql', '', 'name migrations 0001_topic.sql'],
]

describe('each planted violation is found, and nothing else', () => {
  test.each(plants)('%s', (_, file, text, wanted) => {
    expect(check({ [file]: text })).toEqual([`${file}: ${wanted}`])
  })
})

describe('cycles', () => {
  const cases: readonly [string, Record<string, string>, string[]][] = [
    [
      'a file that imports itself',
      { 'contract/a.ts': `import './a.ts'` },
      ['contract/a.ts: imports itself: contract/a.ts → contract/a.ts'],
    ],
    [
      'two files, one of them by a type only',
      { 'contract/a.ts': `import type { B } from './b.ts'`, 'contract/b.ts': `import { a } from './a.ts'` },
      ['contract/a.ts: imports itself: contract/a.ts → contract/b.ts → contract/a.ts'],
    ],
    [
      'three files, with a way that leads nowhere',
      {
        'contract/a.ts': `import './b.ts'\nimport './limits.ts'`,
        'contract/b.ts': `import './c.ts'`,
        'contract/c.ts': `import './a.ts'`,
      },
      ['contract/a.ts: imports itself: contract/a.ts → contract/b.ts → contract/c.ts → contract/a.ts'],
    ],
    [
      'a diamond is no cycle',
      { 'contract/a.ts': `import './b.ts'\nimport './limits.ts'`, 'contract/b.ts': `import './limits.ts'` },
      [],
    ],
  ]
  test.each(cases)('%s', (_, planted, wanted) => {
    expect(check(planted)).toEqual(wanted)
  })

  test('two cycles that do not meet are two', () => {
    const edge = (path: string) => [{ path }]
    const graph = new Map([
      ['a', edge('b')],
      ['b', edge('a')],
      ['c', edge('d')],
      ['d', edge('c')],
    ])
    expect(findCycles(graph)).toHaveLength(2)
  })
})

describe('imports are read from code only', () => {
  const cases: readonly [string, string, string[]][] = [
    ['line comment', `// import { a } from 'x'`, []],
    ['block comment', `/*\nimport { a } from 'x'\n*/\nimport 'y'`, ['y']],
    ['comment within an import', `import { a, // 'no'\n b } from 'x'`, ['x']],
    ['template', "const page = `\nimport 'x'\n`", []],
    ['quotes in a regular expression', `const quote = /['"]/\nimport { a } from 'x'`, ['x']],
    ['slashes in a string', `const url = 'https://x/y'\nimport { a } from 'x'`, ['x']],
    ['a function named importCalls', `importCalls('x')`, []],
    ['import.meta', `const here = import.meta.url\nimport 'x'`, ['x']],
    ['without semicolons', `import a from 'x'\nimport b from 'y'\nexport { b } from "z"`, ['x', 'y', 'z']],
    ['an export with a value that is no import', `export const from = 'x'`, []],
    ['all at once', `import a, { type B } from 'x'; import * as c from 'y'`, ['x', 'y']],
  ]
  test.each(cases)('%s', (_, text, wanted) => {
    expect(findImports(text).sort()).toEqual(wanted)
  })
})

test('this house keeps its order', () => {
  const root = dirname(dirname(fileURLToPath(import.meta.url)))
  const { dependencies: own } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  expect(findViolations(readSources(root), Object.keys(own))).toEqual([])
})
