// Mutations of batches for property tests: some stay valid, others break.

import fc from 'fast-check'
import { batchIdLength, limits, pageIdLength } from '../../contract/limits.ts'
import { id } from './batches.ts'

/** What replaces a value: every JSON type, numbers at and past every bound, what JavaScript reads oddly. */
const replacements: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(
    ...[null, true, false, '', ' ', '1', '0', [], {}, [[]], [1, 2], [2, 1], [0, 11], [1, 2, 3], [1.5, 2]],
    ...[
      0,
      -0,
      1,
      -1,
      0.5,
      2,
      7,
      8,
      99,
      59,
      60,
      127,
      128,
      255,
      256,
      999,
      1000,
      Infinity,
      -Infinity,
      1e308,
      5e-324,
    ],
    ...Object.values(limits).flatMap(limit => [limit, limit + 1, limit + 0.5, -limit]),
    ...[2 ** 31, 2 ** 32, 2 ** 53, 2 ** 53 + 2, -(2 ** 31)],
    ...[
      'pageview',
      'PAGEVIEW',
      'toString',
      '__proto__',
      'constructor',
      'exempt',
      'granted',
      'LCP',
      'link',
      'RO',
      'ro',
    ],
  ),
  fc
    .constantFrom(...Object.values(limits))
    .filter(limit => limit <= limits.urlMax)
    .chain(limit =>
      fc.tuple(
        fc.constantFrom('a', '𝒳', '\ud800', '\n', '\u0000'),
        fc.constantFrom(limit, limit + 1, limit - 1),
      ),
    )
    .map(([unit, length]) => unit.repeat(length)),
  fc.constantFrom(batchIdLength, pageIdLength, 2, 3).chain(length => id(length)),
  fc.constantFrom(batchIdLength, pageIdLength).map(length => '+'.repeat(length)),
  fc.jsonValue({ maxDepth: 2 }),
)

const keys = fc.oneof(
  fc.constantFrom(
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    '',
    'V',
    'site ',
    'length',
    'null',
  ),
  fc.constantFrom(
    'type',
    'page',
    'seq',
    'at',
    'kind',
    'name',
    'target',
    'props',
    'visitor',
    'receipt',
    'scroll',
    'ms',
    'url',
  ),
  fc.string({ unit: 'binary', maxLength: 5 }),
)

export type Mutation = {
  readonly pick: number
  readonly kind: string
  readonly key: string
  readonly value: unknown
}

export function mutations(): fc.Arbitrary<Mutation> {
  const kind = fc.constantFrom(
    'replace',
    'replace',
    'delete',
    'add',
    'add',
    'wrap',
    'repeat',
    'fill',
    'nudge',
    'copy',
  )
  return fc.record({ pick: fc.nat(), kind, key: keys, value: replacements }, { noNullPrototype: true })
}

type Place = { readonly holder: Record<string, unknown> | unknown[]; readonly key: string }

/** A changed copy of the value. Every place at every depth can be hit; lists and objects are a third of the hits. */
export function mutate(value: unknown, mutation: Mutation): unknown {
  const root = { batch: structuredClone(value) }
  const places = placesIn(root)
  const lists = places.filter(
    ({ holder, key }) => typeof (holder as Record<string, unknown>)[key] === 'object',
  )
  const hit = mutation.pick % 3 === 0 && lists.length > 0 ? lists : places
  apply(hit[(mutation.pick >>> 2) % hit.length] as Place, mutation, places)
  return root.batch
}

function placesIn(holder: Record<string, unknown> | unknown[]): Place[] {
  return Object.keys(holder).flatMap(key => {
    const value = (holder as Record<string, unknown>)[key]
    const inner =
      typeof value === 'object' && value !== null ? placesIn(value as Record<string, unknown>) : []
    return [{ holder, key }, ...inner]
  })
}

function apply({ holder, key }: Place, mutation: Mutation, places: readonly Place[]): void {
  const record = holder as Record<string, unknown>
  const old = record[key]
  switch (mutation.kind) {
    case 'delete':
      if (Array.isArray(holder)) holder.splice(Number(key), 1)
      else delete record[key]
      return
    case 'add':
      if (Array.isArray(old)) old.push(mutation.value)
      else if (typeof old === 'object' && old !== null) define(old, mutation.key, mutation.value)
      else if (!Array.isArray(holder)) define(holder, mutation.key, mutation.value)
      return
    case 'wrap':
      record[key] = [old]
      return
    case 'repeat':
      if (Array.isArray(old)) old.push(...old)
      else if (Array.isArray(holder)) holder.push(old)
      else if (typeof old === 'string') record[key] = old + old
      return
    case 'fill':
      // A list at its bound, and one past it.
      if (Array.isArray(old))
        record[key] = new Array(limits.eventsMax + (mutation.pick % 2)).fill(old[0] ?? null)
      return
    case 'nudge':
      if (typeof old === 'number') record[key] = old + (mutation.pick % 2 === 0 ? 1 : -1)
      else if (typeof old === 'string') record[key] = old.slice(1)
      return
    case 'copy': {
      const other = places[(mutation.pick >>> 3) % places.length] as Place
      record[key] = structuredClone((other.holder as Record<string, unknown>)[other.key])
      return
    }
    default:
      record[key] = mutation.value
  }
}

/** As JSON.parse does it: `__proto__` becomes a key like any other. */
function define(holder: object, key: string, value: unknown): void {
  Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true })
}
