// Batches for property tests: valid ones of every event type. What keeps some valid and breaks others: mutations.ts.

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

/** Letters, digits and the two signs of base64url. */
export function id(length: number) {
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
