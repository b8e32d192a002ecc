// The validator's part for one event: its type, what all events have in common, and the fields of its type. One pass over
// the keys, because reading a key in for-in costs V8 next to nothing.

import { type Fields, type Message, missing, oneOf, unknownField, upTo, whole } from './checks.ts'
import { fieldChecks } from './event_fields.ts'
import { type EventType, eventTypes } from './events.ts'
import { limits } from './limits.ts'

/** Reports a fault of the event: the field's name ('' for the event itself) and the message. */
export type OnFault<T> = (field: string, message: Message) => T

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
  const checkField = fieldChecks[type]
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
  return typeof type === 'string' && Object.hasOwn(fieldChecks, type)
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
