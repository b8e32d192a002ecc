// The part of the published JSON Schema that describes events: one definition a type, every field with what it means.

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

/** A JSON Schema of draft 2020-12. */
export type JsonSchema = { readonly [keyword: string]: unknown }

export function whole(minimum: number, maximum: number, description: string): JsonSchema {
  return { type: 'integer', minimum, maximum, description }
}

export function upTo(maximum: number, description: string): JsonSchema {
  return { type: 'number', minimum: 0, maximum, description }
}

/** May be empty. */
export function text(maxLength: number, description: string): JsonSchema {
  return { type: 'string', maxLength, description }
}

/** May not be empty. */
export function name(maxLength: number, description: string): JsonSchema {
  return { type: 'string', minLength: 1, maxLength, description }
}

export function oneOf(values: readonly string[], description: string): JsonSchema {
  return { type: 'string', enum: values, description }
}

export function pair(minimum: number, maximum: number, description: string): JsonSchema {
  const item = { type: 'integer', minimum, maximum }
  return { type: 'array', prefixItems: [item, item], items: false, minItems: 2, description }
}

/** An object with these properties and no others. */
export function object(
  title: string,
  description: string,
  properties: Readonly<Record<string, JsonSchema>>,
  required: readonly string[],
): JsonSchema {
  return { title, description, type: 'object', properties, required, additionalProperties: false }
}

const common = {
  page: whole(0, limits.pagesMax - 1, 'Index into pages: the page on which it happened.'),
  seq: whole(0, limits.seqMax, 'Number of the event within its page; (page id, seq) names an event once.'),
  at: upTo(limits.clockMsMax, "When it happened, in milliseconds on the page's own monotonic clock."),
}

function event(
  type: EventType,
  description: string,
  fields: Readonly<Record<string, JsonSchema>>,
  required: readonly string[] = [],
): JsonSchema {
  const properties = { type: { const: type, description: 'The type of the event.' }, ...common, ...fields }
  return object(type, description, properties, ['type', 'page', 'seq', 'at', ...required])
}

function duration(description: string): JsonSchema {
  return upTo(limits.durationMsMax, `${description}, in milliseconds.`)
}

export const eventSchemas: Readonly<Record<EventType, JsonSchema>> = {
  pageview: event('pageview', 'A page was shown.', {
    referrer: text(limits.urlMax, 'URL of the page that led here, as the browser tells it.'),
    title: text(limits.titleMax, 'Title of the document; kept, scrubbed, with the purpose statistics only.'),
    navigation: oneOf(navigations, 'How the browser came to show the page.'),
    arrival: oneOf(arrivals, 'How the visitor came to the page, where the browser tells it.'),
    from: text(limits.urlMax, "The site's own page before this one, where the browser tells it."),
    status: whole(0, limits.statusMax, "HTTP status of the page's own response; 0 is unknown."),
  }),
  engagement: event(
    'engagement',
    'Attention since the last engagement event of the page: increments, not totals.',
    {
      activeMs: duration('Time in which the page was visible, focused and not idle'),
      visibleMs: duration('Time in which the page was visible'),
      scroll: pair(1, 10, 'First and last decile of the document that was newly reached, 1 to 10.'),
    },
  ),
  exit: event(
    'exit',
    'The page was left.',
    {
      method: oneOf(exitMethods, 'How it was left, as far as a page can see; unknown is never a guess.'),
      target: text(limits.hostMax, 'Host to which a link or form led, when it is not the site itself.'),
    },
    ['method'],
  ),
  click: event(
    'click',
    'Something was clicked. The text of an element is never sent.',
    {
      kind: oneOf(clickKinds, 'What was clicked.'),
      target: text(limits.nameMax, 'Name that the site itself gave to the element (data-lf).'),
      href: text(limits.urlMax, 'Where the link leads.'),
      frustration: oneOf(frustrations, 'rage: three clicks in a second; dead: nothing happened after it.'),
    },
    ['kind'],
  ),
  hover: event(
    'hover',
    'The pointer rested on a named element.',
    {
      target: name(limits.nameMax, 'Name that the site itself gave to the element (data-lf).'),
      ms: duration('How long it rested there'),
    },
    ['target', 'ms'],
  ),
  form: event(
    'form',
    'A form was used. No value of a field is ever sent.',
    {
      form: name(limits.nameMax, 'Name of the form.'),
      outcome: oneOf(formOutcomes, 'How it ended.'),
      fields: whole(0, limits.countMax, 'Number of fields that were filled in.'),
      fillMs: duration('Time from the first field to the outcome'),
    },
    ['form', 'outcome'],
  ),
  search: event('search', 'The site was searched.', {
    term: text(limits.termMax, 'What was searched for; kept, scrubbed, with the purpose behaviour only.'),
    results: whole(0, limits.countMax, 'How many results were shown.'),
  }),
  view: event(
    'view',
    'A named service or product was looked at.',
    {
      name: name(limits.nameMax, 'Its name.'),
      group: text(limits.nameMax, 'The group that it belongs to.'),
    },
    ['name'],
  ),
  error: event(
    'error',
    'Something failed to load or to run.',
    {
      kind: oneOf(errorKinds, 'What failed: a resource, a download, the page itself or a script.'),
      tag: text(limits.nameMax, 'Element that failed: for example img, script or link.'),
      url: text(limits.urlMax, 'URL of what failed.'),
      status: whole(0, limits.statusMax, 'HTTP status; 0 is unknown.'),
      message: text(limits.messageMax, 'Message of a script error, without data.'),
      file: text(limits.urlMax, 'URL of the script that failed.'),
      line: whole(0, limits.countMax, 'Line of the script.'),
    },
    ['kind'],
  ),
  timing: event('timing', 'Response times of the page, from its navigation timing.', {
    redirect: duration('Redirects'),
    dns: duration('Name look-up'),
    connect: duration('Connection, TLS included'),
    tls: duration('TLS handshake'),
    request: duration('From the request to the first byte'),
    response: duration('From the first byte to the last'),
    ttfb: duration('Time to first byte'),
    interactive: duration('Until the document was parsed'),
    dcl: duration('Until DOMContentLoaded had been handled'),
    load: duration('Until the load event had been handled'),
    bytes: whole(0, limits.bytesMax, 'Transfer size of the document, in bytes.'),
    protocol: text(limits.nameMax, 'Protocol of the response: h2, h3, http/1.1.'),
  }),
  vital: event(
    'vital',
    'A Core Web Vital as it is known now: of several on one page, the last counts.',
    {
      name: oneOf(vitalNames, 'Which one.'),
      value: upTo(limits.durationMsMax, 'Its value: milliseconds; CLS has no unit.'),
    },
    ['name', 'value'],
  ),
  custom: event(
    'custom',
    'An event of the site’s own.',
    {
      name: name(
        limits.nameMax,
        'Its name. Before consent only names that the configuration declares are kept.',
      ),
      props: {
        type: 'object',
        maxProperties: limits.propertiesMax,
        propertyNames: { minLength: 1, maxLength: limits.nameMax },
        additionalProperties: { type: ['string', 'number', 'boolean'], maxLength: limits.propertyValueMax },
        description: 'Flat properties; kept, scrubbed, with the purpose statistics only.',
      },
    },
    ['name'],
  ),
  call: event(
    'call',
    'A phone call, made by an import on the server only; a browser that sends one has it dropped as server_only.',
    {
      country: {
        type: 'string',
        pattern: '^[A-Z]{2}$',
        description: 'Country of the caller, ISO 3166-1 alpha-2.',
      },
      area: text(limits.nameMax, 'Area of the caller’s number.'),
      seconds: upTo(limits.durationMsMax / 1000, 'Length of the call, in seconds.'),
      dialled: name(limits.nameMax, 'The number that was dialled, E.164.'),
    },
    ['seconds', 'dialled'],
  ),
}
