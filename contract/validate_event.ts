// The validator's part for one event. Each type has a function from a field's name and value to a message; what it does
// not name is an unknown field, and so an error. One pass over the keys: reading a key in for-in costs V8 next to nothing.

import {
  countryCode,
  type Fields,
  isObject,
  type Message,
  missing,
  name,
  oneOf,
  pair,
  text,
  unknownField,
  upTo,
  whole,
} from './checks.ts'
import {
  arrivals,
  clickKinds,
  type EventType,
  errorKinds,
  eventTypes,
  exitMethods,
  formOutcomes,
  frustrations,
  navigations,
  vitalNames,
} from './events.ts'
import { limits } from './limits.ts'

/** Reports a fault of the event: the field's name ('' for the event itself) and the message. */
export type OnFault<T> = (field: string, message: Message) => T

type CheckField = (key: string, value: unknown) => Message

const checks: Readonly<Record<EventType, CheckField>> = {
  pageview,
  engagement,
  exit,
  click,
  hover,
  form,
  search,
  view,
  error,
  timing,
  vital,
  custom,
  call,
}

/** Fields that an event of the type cannot do without, beside `type`, `page`, `seq` and `at`. */
export const requiredFields: Readonly<Record<EventType, readonly string[]>> = {
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

/** undefined when the event is good; `pageCount` is the number of pages that the batch names. */
export function checkEvent<T>(event: Fields, pageCount: number, onFault: OnFault<T>): T | undefined {
  const type = event.type
  if (type === undefined) return onFault('type', missing)
  if (!isEventType(type)) return onFault('type', oneOf(type, eventTypes))
  const checkField = checks[type]
  for (const key in event) {
    const message = isCommon(key) ? common(key, event[key], pageCount) : checkField(key, event[key])
    if (message !== '') return onFault(message === unknownField ? '' : key, message)
  }
  if (event.page === undefined) return onFault('page', missing)
  if (event.seq === undefined) return onFault('seq', missing)
  if (event.at === undefined) return onFault('at', missing)
  for (const key of requiredFields[type]) {
    if (event[key] === undefined) return onFault(key, missing)
  }
  return undefined
}

function isEventType(type: unknown): type is EventType {
  return typeof type === 'string' && Object.hasOwn(checks, type)
}

function isCommon(key: string): boolean {
  return key === 'type' || key === 'page' || key === 'seq' || key === 'at'
}

function common(key: string, value: unknown, pageCount: number): Message {
  if (key === 'seq') return whole(value, 0, limits.seqMax)
  if (key === 'at') return upTo(value, limits.clockMsMax)
  if (key === 'page')
    return whole(value, 0, pageCount - 1) === '' ? '' : 'must be the index of a page of the batch'
  return ''
}

function duration(value: unknown): Message {
  return upTo(value, limits.durationMsMax)
}

function pageview(key: string, value: unknown): Message {
  switch (key) {
    case 'referrer':
    case 'from':
      return text(value, limits.urlMax)
    case 'title':
      return text(value, limits.titleMax)
    case 'navigation':
      return oneOf(value, navigations)
    case 'arrival':
      return oneOf(value, arrivals)
    case 'status':
      return whole(value, 0, limits.statusMax)
    default:
      return unknownField
  }
}

function engagement(key: string, value: unknown): Message {
  switch (key) {
    case 'activeMs':
    case 'visibleMs':
      return duration(value)
    case 'scroll':
      return deciles(value)
    default:
      return unknownField
  }
}

/** First and last decile newly reached: [4, 6]; never downwards. */
function deciles(value: unknown): Message {
  const message = pair(value, 1, 10)
  if (message !== '') return message
  const [first, last] = value as readonly [number, number]
  return first <= last ? '' : 'must not go from a later decile to an earlier one'
}

function exit(key: string, value: unknown): Message {
  switch (key) {
    case 'method':
      return oneOf(value, exitMethods)
    case 'target':
      return text(value, limits.hostMax)
    default:
      return unknownField
  }
}

function click(key: string, value: unknown): Message {
  switch (key) {
    case 'kind':
      return oneOf(value, clickKinds)
    case 'target':
      return text(value, limits.nameMax)
    case 'href':
      return text(value, limits.urlMax)
    case 'frustration':
      return oneOf(value, frustrations)
    default:
      return unknownField
  }
}

function hover(key: string, value: unknown): Message {
  switch (key) {
    case 'target':
      return name(value, limits.nameMax)
    case 'ms':
      return duration(value)
    default:
      return unknownField
  }
}

function form(key: string, value: unknown): Message {
  switch (key) {
    case 'form':
      return name(value, limits.nameMax)
    case 'outcome':
      return oneOf(value, formOutcomes)
    case 'fields':
      return whole(value, 0, limits.countMax)
    case 'fillMs':
      return duration(value)
    default:
      return unknownField
  }
}

function search(key: string, value: unknown): Message {
  switch (key) {
    case 'term':
      return text(value, limits.termMax)
    case 'results':
      return whole(value, 0, limits.countMax)
    default:
      return unknownField
  }
}

function view(key: string, value: unknown): Message {
  switch (key) {
    case 'name':
      return name(value, limits.nameMax)
    case 'group':
      return text(value, limits.nameMax)
    default:
      return unknownField
  }
}

function error(key: string, value: unknown): Message {
  switch (key) {
    case 'kind':
      return oneOf(value, errorKinds)
    case 'tag':
      return text(value, limits.nameMax)
    case 'url':
    case 'file':
      return text(value, limits.urlMax)
    case 'message':
      return text(value, limits.messageMax)
    case 'status':
      return whole(value, 0, limits.statusMax)
    case 'line':
      return whole(value, 0, limits.countMax)
    default:
      return unknownField
  }
}

function timing(key: string, value: unknown): Message {
  switch (key) {
    case 'redirect':
    case 'dns':
    case 'connect':
    case 'tls':
    case 'request':
    case 'response':
    case 'ttfb':
    case 'interactive':
    case 'dcl':
    case 'load':
      return duration(value)
    case 'bytes':
      return whole(value, 0, limits.bytesMax)
    case 'protocol':
      return text(value, limits.nameMax)
    default:
      return unknownField
  }
}

function vital(key: string, value: unknown): Message {
  switch (key) {
    case 'name':
      return oneOf(value, vitalNames)
    case 'value':
      return duration(value)
    default:
      return unknownField
  }
}

function custom(key: string, value: unknown): Message {
  switch (key) {
    case 'name':
      return name(value, limits.nameMax)
    case 'props':
      return properties(value)
    default:
      return unknownField
  }
}

/** Flat: named texts, finite numbers and booleans. The names are the site's own, so no message says them. */
function properties(value: unknown): Message {
  if (!isObject(value)) return 'must be an object'
  let count = 0
  for (const key in value) {
    if (++count > limits.propertiesMax) return `must have at most ${limits.propertiesMax} properties`
    if (name(key, limits.nameMax) !== '') return `must have names of 1 to ${limits.nameMax} characters`
    if (!isPropertyValue(value[key])) {
      return `must hold only numbers, booleans and strings of at most ${limits.propertyValueMax} characters`
    }
  }
  return ''
}

function isPropertyValue(value: unknown): boolean {
  if (typeof value === 'boolean') return true
  if (typeof value === 'number') return Number.isFinite(value)
  return text(value, limits.propertyValueMax) === ''
}

function call(key: string, value: unknown): Message {
  switch (key) {
    case 'country':
      return countryCode(value)
    case 'area':
      return text(value, limits.nameMax)
    case 'seconds':
      return upTo(value, limits.durationMsMax / 1000)
    case 'dialled':
      return name(value, limits.nameMax)
    default:
      return unknownField
  }
}
