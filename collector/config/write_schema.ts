// lightfoot.schema.json, from which editors complete and check lightfoot.json; the build writes it. It ships with the
// package and is kept in the repository, where a test holds it current.

import { writeFileSync } from 'node:fs'
import { z } from 'zod'
import { configSchema } from './schema.ts'

/** Draft 7, because that is what editors know best. */
export function configJsonSchema(): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(configSchema, { io: 'input', target: 'draft-7' })
  return { $schema, title: 'Lightfoot configuration', ...rest }
}

export function writeSchema(file: string): void {
  writeFileSync(file, schemaText())
}

/** As the repository's formatter writes it: lists of plain values that fit stand on one line. */
export function schemaText(): string {
  return `${format(configJsonSchema(), 0, 0)}\n`
}

const lineWidth = 110

/** `used` is the width that the line already has when the value begins. */
function format(value: unknown, depth: number, used: number): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const indent = '  '.repeat(depth + 1)
  const lines = Array.isArray(value)
    ? value.map(item => format(item, depth + 1, indent.length))
    : Object.entries(value).map(([key, item]) => {
        const name = `${JSON.stringify(key)}: `
        return name + format(item, depth + 1, indent.length + name.length)
      })
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}']
  if (lines.length === 0) return open + close
  if (Array.isArray(value) && value.every(item => typeof item !== 'object')) {
    const line = `${open}${lines.join(', ')}${close}`
    if (used + line.length < lineWidth) return line
  }
  return `${open}\n${lines.map(line => indent + line).join(',\n')}\n${'  '.repeat(depth)}${close}`
}
