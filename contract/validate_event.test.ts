// Every field of every type of event at its bound and past it. That the JSON Schema agrees is proved in
// validate_agreement.test.ts.

import { describe, expect, test } from 'vitest'
import { faultOf } from '../tools/testing/fault_of.ts'
import { sampleBatch } from '../tools/testing/sample_batch.ts'
import { eventTypes } from './events.ts'

type Json = Record<string, unknown>

const common = { page: 0, seq: 0, at: 12.1 }

/** One good event of each type, with every required field. */
const events: Readonly<Record<string, Json>> = {
  pageview: { type: 'pageview', ...common },
  engagement: { type: 'engagement', ...common },
  exit: { type: 'exit', ...common, method: 'link' },
  click: { type: 'click', ...common, kind: 'outbound' },
  hover: { type: 'hover', ...common, target: 'hero', ms: 300 },
  form: { type: 'form', ...common, form: 'order', outcome: 'submit' },
  search: { type: 'search', ...common },
  view: { type: 'view', ...common, name: 'Kite' },
  error: { type: 'error', ...common, kind: 'resource' },
  timing: { type: 'timing', ...common },
  vital: { type: 'vital', ...common, name: 'LCP', value: 1200.5 },
  custom: { type: 'custom', ...common, name: 'signed up' },
  call: { type: 'call', ...common, seconds: 60, dialled: '+40213000000' },
}

function faultOfEvent(event: unknown): string {
  return faultOf({ ...sampleBatch('demo', 'https://www.example.com'), events: [event] })
}

const long = (length: number) => 'x'.repeat(length)
const texts = (max: number) => ({
  good: ['', long(max), '𝒳'.repeat(max)],
  bad: [long(max + 1), 1, null, [], {}, true],
})
const names = (max: number) => ({ good: ['x', long(max)], bad: ['', long(max + 1), 0, null] })
const whole = (min: number, max: number) => ({
  good: [min, max],
  bad: [min - 1, max + 1, min + 0.5, `${min}`, null, Infinity],
})
const upTo = (max: number) => ({
  good: [0, -0, 0.1, max],
  bad: [-0.1, max + 0.1, '1', null, Infinity, Number.NaN],
})
const oneOf = (...good: string[]) => ({
  good,
  bad: ['', 'other than these', `${good[0]} `, 0, null, ['link']],
})
const pairs = (min: number, max: number) => ({
  good: [
    [min, max],
    [min, min],
    [max, max],
  ],
  bad: [
    [],
    [min],
    [min, max, max],
    [min - 1, max],
    [min, max + 1],
    [min, 1.5],
    ['1', 1],
    { 0: min, 1: max },
    'xx',
    null,
  ],
})
const duration = upTo(86_400_000)

type Values = { readonly good: readonly unknown[]; readonly bad: readonly unknown[] }

const eventFields: Readonly<Record<string, Readonly<Record<string, Values>>>> = {
  pageview: {
    page: { good: [0], bad: [1, -1, 0.5, '0', null] },
    seq: whole(0, 65_535),
    at: upTo(2_678_400_000),
    type: { good: [], bad: ['', 'Pageview', 'toString', '__proto__', 'constructor', 1, null, ['pageview']] },
    referrer: texts(2048),
    title: texts(300),
    navigation: oneOf('navigate', 'reload', 'back_forward', 'prerender', 'bfcache', 'route', 'consent'),
    arrival: oneOf('link', 'address', 'reload', 'back_forward', 'unknown'),
    from: texts(2048),
    status: whole(0, 999),
  },
  engagement: { activeMs: duration, visibleMs: duration, scroll: pairs(1, 10) },
  exit: { method: oneOf('link', 'form', 'back_forward', 'script', 'unknown'), target: texts(255) },
  click: {
    kind: oneOf('internal', 'outbound', 'download', 'tel', 'mailto', 'button', 'other'),
    target: texts(100),
    href: texts(2048),
    frustration: oneOf('rage', 'dead'),
  },
  hover: { target: names(100), ms: duration },
  form: {
    form: names(100),
    outcome: oneOf('submit', 'abandon', 'invalid'),
    fields: whole(0, 1_000_000),
    fillMs: duration,
  },
  search: { term: texts(200), results: whole(0, 1_000_000) },
  view: { name: names(100), group: texts(100) },
  error: {
    kind: oneOf('resource', 'download', 'page', 'script'),
    tag: texts(100),
    url: texts(2048),
    status: whole(0, 999),
    message: texts(500),
    file: texts(2048),
    line: whole(0, 1_000_000),
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
    bytes: whole(0, 4_294_967_295),
    protocol: texts(100),
  },
  vital: { name: oneOf('LCP', 'CLS', 'INP', 'FCP', 'TTFB'), value: duration },
  custom: { name: names(100), props: properties() },
  call: {
    country: { good: ['RO'], bad: ['ro', 'R', 'ROU', 'R0', '', 1] },
    area: texts(100),
    seconds: upTo(86_400),
    dialled: names(100),
  },
}

function properties(): Values {
  const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`p${i}`, i]))
  const own = JSON.parse('{"__proto__": 1}')
  return {
    good: [
      {},
      { a: 'x', b: 1.5, c: false },
      { a: long(300) },
      { [long(100)]: 1 },
      { a: -1e300 },
      many(20),
      own,
    ],
    bad: [
      ...[
        many(21),
        { a: long(301) },
        { '': 1 },
        { [long(101)]: 1 },
        { a: null },
        { a: [] },
        { a: {} },
        { a: Infinity },
      ],
      ...[JSON.parse('{"__proto__": {}}'), [], ['a'], 'a', 1, null],
    ],
  }
}

describe('events', () => {
  test('the tables name every type', () => {
    expect(Object.keys(events)).toEqual([...eventTypes])
    expect(Object.keys(eventFields)).toEqual([...eventTypes])
  })

  test.each(Object.entries(events))(
    'a %s with its required fields only is good, and without any of them is not',
    (_, event) => {
      expect(faultOfEvent(event)).toBe('')
      for (const key of Object.keys(event)) {
        const { [key]: _left, ...rest } = event
        expect(faultOfEvent(rest)).toBe(`events[0].${key}: is missing`)
      }
    },
  )

  const cases = Object.entries(eventFields).flatMap(([type, fields]) =>
    Object.entries(fields).map(([key, values]): [string, string, Values] => [type, key, values]),
  )
  test.each(cases)('%s.%s', (type, key, { good, bad }) => {
    for (const value of good) expect(faultOfEvent({ ...events[type], [key]: value }), String(value)).toBe('')
    for (const value of bad) {
      expect(faultOfEvent({ ...events[type], [key]: value }), String(value)).toMatch(
        `events[0].${key}: must be`.slice(0, -3),
      )
    }
  })

  test('a field of another type is unknown', () => {
    expect(faultOfEvent({ ...events.pageview, kind: 'link' })).toBe(
      'events[0]: has a field that the contract does not know',
    )
  })

  test('scroll goes forwards', () => {
    expect(faultOfEvent({ ...events.engagement, scroll: [6, 5] })).toBe(
      'events[0].scroll: must not go from a later decile to an earlier one',
    )
  })
})
