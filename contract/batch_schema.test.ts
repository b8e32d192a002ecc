// The schema is published documentation: every field is described, and it names what the types in events.ts name.

import Ajv from 'ajv/dist/2020.js'
import { expect, test } from 'vitest'
import { batchSchema } from './batch_schema.ts'
import { crossRules } from './cross_rules.ts'
import type { JsonSchema } from './event_schemas.ts'
import { eventTypes } from './events.ts'

const definitions = batchSchema.$defs as Readonly<Record<string, JsonSchema>>
const objects = [['batch', batchSchema], ...Object.entries(definitions)] as [string, JsonSchema][]

test.each(objects)('%s: title, description, and a description of every field', (_, schema) => {
  expect(schema.title).toMatch(/\S/)
  expect(schema.description).toMatch(/\.$/)
  expect(schema.additionalProperties).toBe(false)
  for (const [key, field] of Object.entries(schema.properties as Record<string, JsonSchema>)) {
    if (field.$ref === undefined) expect(field.description, key).toMatch(/\.$/)
  }
})

test('every type of event has a definition and is one of the alternatives', () => {
  const { events } = batchSchema.properties as Record<string, { items: { oneOf: { $ref: string }[] } }>
  expect(events?.items.oneOf.map(({ $ref }) => $ref)).toEqual(eventTypes.map(type => `#/$defs/${type}`))
  for (const type of eventTypes) expect(definitions[type]?.title).toBe(type)
})

test('it cites every cross-rule', () => {
  for (const rule of Object.values(crossRules)) expect(batchSchema.description).toContain(rule)
})

test('it is valid draft 2020-12 and plain JSON', () => {
  expect(new Ajv.default().validateSchema(batchSchema)).toBe(true)
  expect(JSON.parse(JSON.stringify(batchSchema))).toEqual(batchSchema)
})
