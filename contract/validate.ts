// The hot-path validator: one value as JSON.parse gave it → a batch, or the first fault and where it is. Written by
// hand because it runs for every request (0.1 µs an event; a general validator takes 3 to 5). batch_schema.ts says the
// same as JSON Schema; a property test holds the two together. What only code can say is listed in cross_rules.ts.

import {
  base64url,
  type Fields,
  isObject,
  type Message,
  missing,
  name,
  notAnObject,
  oneOf,
  pair,
  text,
  unknownField,
  upTo,
  whole,
} from './checks.ts'
import { type Batch, levels, signals } from './events.ts'
import { batchIdLength, limits, pageIdLength, visitorIdLength } from './limits.ts'
import { allPurposes, purposeBit } from './purposes.ts'
import { checkEvent } from './validate_event.ts'

export type Verdict = { readonly ok: true; readonly batch: Batch } | Fault

/** `path` is made of the contract's own names only: `events[3].seq`; '' is the batch itself. */
export type Fault = { readonly ok: false; readonly path: string; readonly message: string }

/** A function of the field's name and value for one kind of object; '' is good. */
type CheckField = (key: string, value: unknown) => Message

const identity = purposeBit('identity')

export function validateBatch(value: unknown): Verdict {
  return (
    checkVersion(value) ??
    checkObject(value, batchField, batchRequired) ??
    checkBatch(value as Batch) ?? { ok: true, batch: value as Batch }
  )
}

/** First of all, so that a batch of another version is called that, and not faulted for fields that it may well have. */
function checkVersion(value: unknown): Fault | undefined {
  if (!isObject(value) || value.v === undefined) return undefined
  return value.v === 1 ? undefined : fault('v', 'must be 1, the only version that this collector knows')
}

/** The parts, once the batch is known to be an object with all of them. */
function checkBatch(batch: Batch): Fault | undefined {
  const { consent, device, pages, events } = batch
  return (
    within('consent', checkObject(consent, consentField, consentRequired)) ??
    (device === undefined
      ? undefined
      : within('device', checkObject(device, deviceField, nothingRequired))) ??
    checkVisitor(batch) ??
    checkPages(pages) ??
    checkEvents(events, pages.length)
  )
}

const batchRequired = ['v', 'site', 'batch', 'sent', 'consent', 'pages', 'events']
const consentRequired = ['level', 'purposes', 'policy', 'signal']
const pageRequired = ['id', 'url']
const nothingRequired: readonly string[] = []

function batchField(key: string, value: unknown): Message {
  switch (key) {
    case 'site':
      return name(value, limits.siteMax)
    case 'batch':
      return base64url(value, batchIdLength)
    case 'sent':
      return upTo(value, limits.clockMsMax)
    case 'visitor':
      return base64url(value, visitorIdLength)
    case 'pages':
      return list(value, limits.pagesMax)
    case 'events':
      return list(value, limits.eventsMax)
    case 'v':
    case 'consent':
    case 'device':
      return ''
    default:
      return unknownField
  }
}

function consentField(key: string, value: unknown): Message {
  switch (key) {
    case 'level':
      return oneOf(value, levels)
    case 'purposes':
      return whole(value, 0, allPurposes)
    case 'policy':
      return whole(value, 1, limits.policyMax)
    case 'signal':
      return oneOf(value, signals)
    case 'receipt':
      return text(value, limits.receiptMax)
    default:
      return unknownField
  }
}

function deviceField(key: string, value: unknown): Message {
  switch (key) {
    case 'screen':
    case 'viewport':
      return pair(value, 0, limits.screenMax)
    case 'language':
      return text(value, limits.languageMax)
    default:
      return unknownField
  }
}

function pageField(key: string, value: unknown): Message {
  switch (key) {
    case 'id':
      return base64url(value, pageIdLength)
    case 'url':
      return name(value, limits.urlMax)
    default:
      return unknownField
  }
}

/** A lasting id may travel only under a claim that covers it; whether the claim is true is the receipt's matter. */
function checkVisitor({ visitor, consent }: Batch): Fault | undefined {
  if (visitor === undefined) return undefined
  const isCovered = consent.level === 'granted' && (consent.purposes & identity) !== 0
  return isCovered ? undefined : fault('visitor', 'must be absent unless the purpose identity is granted')
}

/** A page's id is there once, so that (page id, seq) names an event once. At most 60, so comparing all pairs is cheap. */
function checkPages(pages: readonly unknown[]): Fault | undefined {
  for (let i = 0; i < pages.length; i++) {
    const found = checkObject(pages[i], pageField, pageRequired)
    if (found !== undefined) return within(`pages[${i}]`, found)
    for (let before = 0; before < i; before++) {
      if ((pages[before] as Fields).id === (pages[i] as Fields).id) {
        return fault(`pages[${i}].id`, 'must differ from the ids of the other pages')
      }
    }
  }
  return undefined
}

function checkEvents(events: readonly unknown[], pageCount: number): Fault | undefined {
  for (let i = 0; i < events.length; i++) {
    const event = events[i]
    const found = isObject(event) ? checkEvent(event, pageCount, fault) : fault('', notAnObject)
    if (found !== undefined) return within(`events[${i}]`, found)
  }
  return undefined
}

function checkObject(value: unknown, checkField: CheckField, required: readonly string[]): Fault | undefined {
  if (value === undefined) return fault('', missing)
  if (!isObject(value)) return fault('', notAnObject)
  for (const key in value) {
    const message = checkField(key, value[key])
    if (message !== '') return fault(message === unknownField ? '' : key, message)
  }
  for (const key of required) {
    if (value[key] === undefined) return fault(key, missing)
  }
  return undefined
}

function list(value: unknown, max: number): Message {
  return Array.isArray(value) && value.length >= 1 && value.length <= max
    ? ''
    : `must be a list of 1 to ${max}`
}

/** The fault of a part as a fault of the whole: `seq` within `events[3]` is `events[3].seq`. */
function within(part: string, found: Fault | undefined): Fault | undefined {
  if (found === undefined) return undefined
  return fault(found.path === '' ? part : `${part}.${found.path}`, found.message)
}

function fault(path: string, message: Message): Fault {
  return { ok: false, path, message }
}
