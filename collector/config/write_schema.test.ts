// lightfoot.schema.json is in the repository, so that editors find it; it must be the one that the code would write.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Ajv from 'ajv'
import { expect, test } from 'vitest'
import { packageRoot } from './package_root.ts'
import { configJsonSchema, schemaText } from './write_schema.ts'

type Schema = { properties?: Record<string, Schema>; items?: Schema; description?: string }

test('the file is current: npm run build writes it', () => {
  expect(readFileSync(join(packageRoot(), 'lightfoot.schema.json'), 'utf8')).toBe(schemaText())
})

test('every key has a description', () => {
  const missing: string[] = []
  visit(configJsonSchema() as Schema, 'the file')
  expect(missing).toEqual([])

  function visit(schema: Schema, path: string): void {
    if (schema.description === undefined) missing.push(path)
    for (const [key, inner] of Object.entries(schema.properties ?? {})) visit(inner, `${path}.${key}`)
    for (const inner of Object.values(schema.items?.properties ?? {})) visit(inner, `${path}[]`)
  }
})

test('editors accept what the collector accepts, and see the four required keys', () => {
  const check = new Ajv.default().compile(configJsonSchema())
  const site = { id: 'shop', origins: ['https://www.example.com'], mode: 'exempt', policy: 1 }
  expect(check({ $schema: './node_modules/lightfoot/lightfoot.schema.json', sites: [site] })).toBe(true)
  expect(check({ sites: [{ ...site, colour: 1 }] })).toBe(false)
  for (const key of Object.keys(site))
    expect(check({ sites: [{ ...site, [key]: undefined }] }), key).toBe(false)
})
