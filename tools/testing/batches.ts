// Batches for property tests: valid ones of every event type, and mutations that keep some valid and break others.

import fc from 'fast-check'
import {
  arrivals,
  type Batch,
  clickKinds,
  type Event,
  type EventType,
  errorKinds,
  exitMethods,
  formOutcomes,
  frustrations,
  levels,
  navigations,
  signals,
  vitalNames,
} from '../../contract/events.ts'
import { batchIdLength, limits, pageIdLength, visitorIdLength } from '../../contract/limits.ts'
import { allPurposes, purposeBit } from '../../contract/purposes.ts'

const base64url = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

function id(length: number) {
  return fc.string({ unit: fc.constantFrom(...base64url), minLength: length, maxLength: length })
}

/** Short texts, texts of any character (astral ones and halves of pairs too), and texts that fill the limit exactly. */
function text(max: number, min = 0): fc.Arbitrary<string> {
  return fc.oneof(
    fc.string({ unit: 'binary', minLength: min, maxLength: Math.min(max, 20) }),
    fc.string({
      unit: fc.constantFrom('a', 'é', '𝒳', '\ud800', '\udc00'),
      minLength: min,
      maxLength: Math.min(max, 20),
    }),
    fc.constantFrom('a', '𝒳').map(unit => unit.repeat(max)),
  )
}

function name(max: number): fc.Arbitrary<string> {
  return text(max, 1)
}

function upTo(max: number): fc.Arbitrary<number> {
  return fc.oneof(
    fc.double({ min: 0, max, noNaN: true }),
    fc.integer({ min: 0, max: Math.min(max, 5000) }),
    fc.constantFrom(0, -0, max),
  )
}

function whole(max: number, min = 0): fc.Arbitrary<number> {
  return fc.oneof(fc.integer({ min, max }), fc.constantFrom(min, max))
}

const duration = upTo(limits.durationMsMax)
const decilePair = fc
  .tuple(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 1, max: 10 }))
  .map(([a, b]): [number, number] => [Math.min(a, b), Math.max(a, b)])

type Shapes = {
  readonly [T in EventType]: {
    readonly [K in Exclude<
      keyof Extract<Event, { type: T }>,
      'type' | 'page' | 'seq' | 'at'
    >]-?: fc.Arbitrary<NonNullable<Extract<Event, { type: T }>[K]>>
  }
}

/** Every field of every type: a field that is added to the contract and not here does not compile. */
const shapes: Shapes = {
  pageview: {
    referrer: text(limits.urlMax),
    title: text(limits.titleMax),
    navigation: fc.constantFrom(...navigations),
    arrival: fc.constantFrom(...arrivals),
    from: text(limits.urlMax),
    status: whole(limits.statusMax),
  },
  engagement: { activeMs: duration, visibleMs: duration, scroll: decilePair },
  exit: { method: fc.constantFrom(...exitMethods), target: text(limits.hostMax) },
  click: {
    kind: fc.constantFrom(...clickKinds),
    target: text(limits.nameMax),
    href: text(limits.urlMax),
    frustration: fc.constantFrom(...frustrations),
  },
  hover: { target: name(limits.nameMax), ms: duration },
  form: {
    form: name(limits.nameMax),
    outcome: fc.constantFrom(...formOutcomes),
    fields: whole(limits.countMax),
    fillMs: duration,
  },
  search: { term: text(limits.termMax), results: whole(limits.countMax) },
  view: { name: name(limits.nameMax), group: text(limits.nameMax) },
  error: {
    kind: fc.constantFrom(...errorKinds),
    tag: text(limits.nameMax),
    url: text(limits.urlMax),
    status: whole(limits.statusMax),
    message: text(limits.messageMax),
    file: text(limits.urlMax),
    line: whole(limits.countMax),
  },
  timing: {
    redirect: duration,
    dns: duration,
    connect: duration,
    tls: duration,
    request: duration,
    response: duration,
    ttfb: duration,
    interactive: duration,
    dcl: duration,
    load: duration,
    bytes: whole(limits.bytesMax),
    protocol: text(limits.nameMax),
  },
  vital: { name: fc.constantFrom(...vitalNames), value: duration },
  custom: { name: name(limits.nameMax), props: properties() },
  call: {
    country: fc.constantFrom('RO', 'DE', 'US'),
    area: text(limits.nameMax),
    seconds: upTo(limits.durationMsMax / 1000),
    dialled: name(limits.nameMax),
  },
}

function properties(): fc.Arbitrary<Record<string, string | number | boolean>> {
  const value = fc.oneof(
    text(limits.propertyValueMax),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
  )
  return fc.dictionary(name(limits.nameMax), value, { maxKeys: limits.propertiesMax, noNullPrototype: true })
}

/** Fields without which an event of the type is not one; the others are there or not. */
const required: Readonly<Record<EventType, readonly string[]>> = {
  pageview: [],
  engagement: [],
  exit: ['method'],
  click: ['kind'],
  hover: ['target', 'ms'],
  form: ['form', 'outcome'],
  search: [],
  view: ['name'],
  error: ['kind'],
  timing: [],
  vital: ['name', 'value'],
  custom: ['name'],
  call: ['seconds', 'dialled'],
}

function eventOf(type: EventType, pageCount: number): fc.Arbitrary<Event> {
  const common = {
    type: fc.constant(type),
    page: fc.nat(pageCount - 1),
    seq: whole(limits.seqMax),
    at: upTo(limits.clockMsMax),
  }
  const fields: Readonly<Record<string, fc.Arbitrary<unknown>>> = { ...common, ...shapes[type] }
  const requiredKeys = ['type', 'page', 'seq', 'at', ...required[type]]
  return fc.record(fields, { requiredKeys, noNullPrototype: true }) as unknown as fc.Arbitrary<Event>
}

const consent = fc.record(
  {
    level: fc.constantFrom(...levels),
    purposes: whole(allPurposes),
    policy: whole(limits.policyMax, 1),
    signal: fc.constantFrom(...signals),
    receipt: text(limits.receiptMax),
  },
  { requiredKeys: ['level', 'purposes', 'policy', 'signal'], noNullPrototype: true },
)

const screen = fc.tuple(whole(limits.screenMax), whole(limits.screenMax))
const device = fc.record(
  { screen, viewport: screen, language: text(limits.languageMax) },
  { requiredKeys: [], noNullPrototype: true },
)

/** Valid batches: every type of event, 1 to 60 of them, every optional field there or not. */
export function validBatches(): fc.Arbitrary<Batch> {
  const page = fc.record({ id: id(pageIdLength), url: name(limits.urlMax) }, { noNullPrototype: true })
  const pages = fc.uniqueArray(page, { minLength: 1, maxLength: 4, selector: ({ id: own }) => own })
  return pages.chain(named => {
    const event = fc.oneof(...Object.keys(shapes).map(type => eventOf(type as EventType, named.length)))
    const events = fc.oneof(
      { weight: 20, arbitrary: fc.array(event, { minLength: 1, maxLength: 5 }) },
      { weight: 1, arbitrary: event.map(only => new Array<Event>(limits.eventsMax).fill(only)) },
    )
    const batch = {
      v: fc.constant(1 as const),
      site: name(limits.siteMax),
      batch: id(batchIdLength),
      sent: upTo(limits.clockMsMax),
      consent,
      visitor: id(visitorIdLength),
      device,
      pages: fc.constant(named),
      events,
    }
    const requiredKeys = ['v', 'site', 'batch', 'sent', 'consent', 'pages', 'events'] as const
    return fc.record(batch, { requiredKeys: [...requiredKeys], noNullPrototype: true }).map(coverVisitor)
  }) as fc.Arbitrary<Batch>
}

/** A visitor needs the purpose identity. */
function coverVisitor<T extends { consent: Batch['consent']; visitor?: string }>(batch: T): T {
  if (batch.visitor === undefined) return batch
  const purposes = batch.consent.purposes | purposeBit('identity')
  return { ...batch, consent: { ...batch.consent, level: 'granted', purposes } }
}

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
