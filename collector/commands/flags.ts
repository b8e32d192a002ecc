// Flags as cac gives them: text that looks like a number comes as a number, a repeated flag as a list.

import { UsageError } from './command_error.ts'

export type Flags = Readonly<Record<string, unknown>>

/** The text of a flag, undefined when it was not given; given twice it is a usage error. */
export function textFlag(flags: Flags, name: string): string | undefined {
  const values = listFlag(flags, name)
  if (values.length > 1) throw new UsageError(`--${dashed(name)} was given twice`)
  return values[0]
}

export function listFlag(flags: Flags, name: string): string[] {
  const value = flags[name]
  if (value === undefined) return []
  return (Array.isArray(value) ? value : [value]).map(String)
}

function dashed(name: string): string {
  return name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)
}
