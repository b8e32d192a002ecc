// What the documents name is what there is: variables, keys, codes, folders.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parser as promql } from '@prometheus-io/lezer-promql'
import { expect, test } from 'vitest'
import { packageRoot } from '../collector/config/package_root.ts'
import { settingTexts } from '../collector/config/settings.ts'
import { failures } from '../collector/http/failures.ts'

const root = packageRoot()
const read = (file: string) => readFileSync(join(root, file), 'utf8')
const sources = readdirSync(join(root, 'collector'), { recursive: true, encoding: 'utf8' })
  .filter(name => name.endsWith('.ts') && !/\.test\.ts$|testing/.test(name))
  .map(name => read(join('collector', name)))
const documents = ['README.md', ...readdirSync(join(root, 'docs')).map(name => `docs/${name}`)].filter(name =>
  name.endsWith('.md'),
)

/** Everything in code marks in the first cells of a table: the first that follows this text. */
function tableNames(document: string, heading: string): string[] {
  const table = document.slice(document.indexOf(heading)).split('\n\n')[0] ?? ''
  const cells = table.split('\n').slice(2)
  return cells.flatMap(row =>
    [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(match => match[1] ?? ''),
  )
}

test('variables: README lists those that can be set, no document another', () => {
  const texts: [string, string][] = Object.entries(settingTexts)
  const usable = texts.filter(([, text]) => !text.startsWith('reserved')).map(([name]) => name)
  expect(tableNames(read('README.md'), '| environment |').sort()).toEqual(usable.sort())
  for (const name of documents)
    for (const [variable] of read(name).matchAll(/LIGHTFOOT_[A-Z_]+/g))
      expect(usable, name).toContain(variable)
})

test('keys of a site: README lists all but the reserved', () => {
  const { sites } = JSON.parse(read('lightfoot.schema.json')).properties
  const keys = Object.keys(sites.items.properties).filter(key => key !== 'funnels')
  const listed = tableNames(read('README.md'), '| key of a site |').map(key => key.split('.')[0])
  expect(listed.sort()).toEqual(keys.sort())
})

test('codes: docs/api.md lists each beside its status', () => {
  const table = read('docs/api.md').split('## Codes')[1] ?? ''
  const listed = table.split('\n').flatMap(row => {
    const status = Number(/^\| (\d{3})/.exec(row)?.[1])
    return [...row.matchAll(/`([a-z_]+)`/g)].map(([, code]) => `${code} ${status}`)
  })
  const wanted = Object.entries(failures).map(([code, [status]]) => `${code} ${status}`)
  expect(listed.sort()).toEqual(wanted.sort())
})

test('folders: docs/operate.md names those that the collector makes', () => {
  const listed = tableNames(read('docs/operate.md'), '| folder |').filter(name => name.endsWith('/'))
  const made = sources.flatMap(text => [
    ...text.matchAll(/(?:within\(|dataDirectory, )'([a-z]+)(?:\/[a-z]+)?'\)/g),
  ])
  expect([...new Set(made.map(([, folder]) => `${folder}/`))].sort()).toEqual(listed.sort())
})

test('metrics: docs/operate.md lists those that the collector has', () => {
  const operate = read('docs/operate.md')
  const made = sources.flatMap(text =>
    [...text.matchAll(/'(lightfoot_[a-z0-9_]+)'/g)].map(([, name]) => name),
  )
  const listed = tableNames(operate, '| metric |')
  expect(listed.filter(name => name.startsWith('lightfoot_')).sort()).toEqual([...new Set(made)].sort())
})

test('alert rules: expressions that Prometheus reads, of metrics that there are', () => {
  const operate = read('docs/operate.md')
  const known = ['up', ...tableNames(operate, '| metric |').flatMap(name => [name, `${name}_bucket`])]
  const expressions = [...operate.matchAll(/^ +expr: (.+)$/gm)].map(([, expression = '']) => expression)
  expect(expressions.length).toBeGreaterThan(5)
  for (const expression of expressions) {
    const named: string[] = []
    promql.parse(expression).iterate({
      enter({ type, from, to }) {
        expect(type.isError, `${expression}, at ${from}`).toBe(false)
        if (type.name === 'Identifier') named.push(expression.slice(from, to))
      },
    })
    expect(named.length).toBeGreaterThan(0)
    for (const name of named) expect(known).toContain(name)
  }
})
