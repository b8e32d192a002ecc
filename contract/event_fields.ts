// What each field of each type of event may hold, for the hot-path validator: a function a type, from a field's name and
// value to a message. What a function does not name is an unknown field, and so an error.

import {
  countryCode,
  isObject,
  type Message,
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
  exitMethods,
  formOutcomes,
  frustrations,
  navigations,
  vitalNames,
} from './events.ts'
import { limits } from './limits.ts'

type CheckField = (key: string, value: unknown) => Message

export const fieldChecks: Readonly<Record<EventType, CheckField>> = {
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
