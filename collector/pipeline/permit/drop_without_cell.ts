// An event is permitted when the matrix has a cell for at least one thing that it says. A hover before consent has none;
// neither has a custom event whose name the configuration does not declare.

import type { Event } from '../../../contract/events.ts'
import type { Field } from '../../../contract/matrix.ts'
import type { Site } from '../../config/config.ts'
import { dialledNumber, isDeclaredNumber } from '../anonymise/dialled.ts'
import { type Gate, gateOf } from '../gate.ts'
import { type Draft, keepOnly } from './draft.ts'

export function dropWithoutCell(draft: Draft): void {
  const { site } = draft.received
  const gate = gateOf({ site, level: draft.level, purposes: draft.purposes })
  keepOnly(draft, 'not_permitted', event => hasCell(event, gate, site))
}

function hasCell(event: Event, gate: Gate, site: Site): boolean {
  if (event.type === 'custom' && gate.custom === 'exempt') return isDeclared(event.name, site)
  if (event.type === 'click' && gate.click === 'nothing') return keepsNumber(event.href, gate, site)
  return fieldsOf(event).some(field => gate[field] !== 'nothing')
}

/** Is the name of a custom event one that the configuration declares, as an event or as a goal? */
export function isDeclared(name: string, site: Site): boolean {
  return site.events.includes(name) || site.goals.some(goal => goal.event === name)
}

/** A click that may not be told may still be a call to a number that may. */
function keepsNumber(href: string | undefined, gate: Gate, site: Site): boolean {
  const number = dialledNumber(href)
  return (
    number !== '' &&
    (gate.dialled === 'granted' || (gate.dialled === 'exempt' && isDeclaredNumber(number, site)))
  )
}

const fieldsByType = {
  pageview: ['url', 'title', 'referrer', 'campaign'],
  exit: ['exit'],
  click: ['click'],
  hover: ['hover'],
  form: ['form'],
  search: ['search'],
  view: ['view'],
  error: ['error'],
  timing: ['timing'],
  vital: ['vital'],
  custom: ['custom'],
  call: ['dialled'],
} as const satisfies Partial<Record<Event['type'], readonly Field[]>>

/** The fields of the matrix that an event has something for. */
function fieldsOf(event: Event): readonly Field[] {
  if (event.type !== 'engagement') return fieldsByType[event.type]
  if (event.scroll === undefined) return ['engagement']
  return event.activeMs === undefined && event.visibleMs === undefined ? ['scroll'] : ['engagement', 'scroll']
}
