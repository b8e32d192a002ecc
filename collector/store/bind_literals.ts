// Bound parameters written into a statement as literals, for the one connection that cannot take them beside it.

import { type Parameters, StoreError } from './store.ts'

type Value = Parameters[string]

/** `bindLiterals("select {day:Date}", { day: '2026-02-28' }) → "select ('2026-02-28'::Date)"` */
export function bindLiterals(sql: string, parameters: Parameters): string {
  return sql.replace(/\{(\w+):([\w(), ]+)\}/g, (_placeholder, name: string, type: string) => {
    const value = parameters[name]
    if (value === undefined)
      throw new StoreError('refused', `the statement's parameter ${name} has no value`, 0)
    return `(${literal(value)}::${type})`
  })
}

function literal(value: Value | string | number): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`
  if (typeof value === 'string') return quote(value)
  if (typeof value === 'number' && !Number.isFinite(value)) throw new StoreError('refused', 'not a number', 0)
  return String(value)
}

/** Within quotes ClickHouse reads only these two as anything but themselves. */
function quote(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`
}
