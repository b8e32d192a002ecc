// lightfoot.json → Config. Whatever is wrong with the file becomes one clear line that names the key and the fix.

import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import type { z } from 'zod'
import { type Config, ConfigError } from './config.ts'
import { describeJsonError } from './describe_json_error.ts'
import { configSchema } from './schema.ts'

/** Reads and checks the file; throws ConfigError. */
export function loadConfig(file: string): Config {
  const config = loadConfigIfPresent(file)
  if (config === undefined) {
    throw new ConfigError(
      `${shownName(file)}: not found: if it is elsewhere, LIGHTFOOT_CONFIG says where; "lightfoot init" writes a new one`,
    )
  }
  return config
}

/** undefined where there is no such file: then the demo is served. A file that cannot be read is an error all the same. */
export function loadConfigIfPresent(file: string): Config | undefined {
  const text = readText(file)
  return text === undefined ? undefined : parseConfig(text, file)
}

/** `file` is for messages only. */
export function parseConfig(text: string, file: string): Config {
  const parsed = configSchema.safeParse(parseJson(text, file))
  if (!parsed.success) throw new ConfigError(`${shownName(file)}: ${describeIssues(parsed.error.issues)}`)
  const { controller, sites, recipients } = parsed.data
  return { controller, sites, recipients }
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw new ConfigError(
      `${shownName(file)}: cannot be read (${code}): it must be a file that this user may read`,
      { cause },
    )
  }
}

function parseJson(text: string, file: string): unknown {
  const json = text.replace(/^\uFEFF/, '') // Windows editors put a byte order mark first
  try {
    return JSON.parse(json)
  } catch (error) {
    throw new ConfigError(`${shownName(file)}: ${describeJsonError(json, String((error as Error).message))}`)
  }
}

/**
 * The first thing to put right, and how many more there are. An unknown key goes first: it is usually the reason why
 * another one is missing (`"mod": "strict"`).
 */
function describeIssues(issues: readonly z.core.$ZodIssue[]): string {
  const first = issues.find(issue => issue.code === 'unrecognized_keys') ?? issues[0]
  if (first === undefined) return 'is not valid'
  const key = first.code === 'unrecognized_keys' ? [...first.path, first.keys[0] ?? ''] : first.path
  const more = issues.length === 1 ? '' : ` (and ${issues.length - 1} more)`
  return `${key.length === 0 ? 'the file' : keyPath(key)} ${first.message}${more}`
}

/** `['sites', 0, 'mode'] → sites[0].mode` */
function keyPath(path: readonly PropertyKey[]): string {
  return path
    .map((key, i) => (typeof key === 'number' ? `[${key}]` : `${i === 0 ? '' : '.'}${String(key)}`))
    .join('')
}

/** As short as it is clear: relative when the file lies below the working directory. */
function shownName(file: string): string {
  const name = relative(process.cwd(), file)
  return name === '' || name.startsWith('..') ? file : name
}
