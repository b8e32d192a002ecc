// What schema.ts is written in: zod with our own messages. Each message is the rest of a line that begins with the key
// (`sites[0].mode is missing: write …`), so every schema says how to put a wrong value right.

import { z } from 'zod'
import { didYouMean } from './did_you_mean.ts'

type Says = { error: (issue: { readonly input?: unknown }) => string; abort: true }

/**
 * `wrong` for a value that will not do; `missing` where the key has no default and must be written. A value that is
 * wrong is not looked at further, so each mistake is one line.
 */
export function says(wrong: string, missing = wrong): Says {
  return { error: issue => (issue.input === undefined ? missing : wrong), abort: true }
}

/** An object of these keys and no others: a mistyped key is an error and not silently without effect. */
export function object<Shape extends z.core.$ZodLooseShape>(shape: Shape, description: string) {
  const known = Object.keys(shape)
  return z
    .strictObject(shape, {
      error: issue =>
        issue.code === 'unrecognized_keys' ? unknownKey(issue.keys, known) : 'must be an object { … }',
    })
    .meta({ description })
}

export function text(lengthMax: number, description: string) {
  const message = says(`must be a text of 1 to ${lengthMax} characters`)
  return z.string(message).min(1, message).max(lengthMax, message).meta({ description })
}

export function whole(min: number, max: number, description: string, missing?: string) {
  const message = says(`must be a whole number from ${min} to ${max}`, missing)
  return z.int(message).min(min, message).max(max, message).meta({ description })
}

export function list<Item extends z.ZodType>(item: Item, lengthMax: number, description: string) {
  const message = says(`must be a list [ … ] of at most ${lengthMax}`)
  return z.array(item, message).max(lengthMax, message).meta({ description })
}

/** A path of the site in which `*` stands for anything: `/order/*`. */
export function pathPattern(description: string) {
  const message = says(
    'must be a path that begins with "/", without "?" or "#"; "*" stands for anything: "/order/*"',
  )
  return z
    .string(message)
    .max(300, message)
    .regex(/^\/[^?#\s]*$/, message)
    .meta({ description })
}

/** The first unknown key, and the key that was probably meant. */
function unknownKey(unknown: readonly string[], known: readonly string[]): string {
  const meant = didYouMean(unknown[0] ?? '', known)
  return meant === undefined
    ? `is not a known key: write one of ${known.join(', ')}`
    : `is not a known key: did you mean "${meant}"?`
}
