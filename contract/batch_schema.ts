// The published description of a batch as JSON Schema (draft 2020-12); the build writes it to batch.schema.json. It is
// documentation that a machine can check: the collector itself uses validate.ts, and a property test holds both together.

import { crossRules } from './cross_rules.ts'
import {
  eventSchemas,
  type JsonSchema,
  name,
  object,
  oneOf,
  pair,
  text,
  upTo,
  whole,
} from './event_schemas.ts'
import { eventTypes, levels, signals } from './events.ts'
import { batchIdLength, limits, pageIdLength, visitorIdLength } from './limits.ts'
import { allPurposes, purposeNames } from './purposes.ts'

const purposeBits = purposeNames.map((purpose, bit) => `${purpose} ${1 << bit}`).join(', ')

const consent = object(
  'Consent',
  'What the page claims; the collector believes more than the exempt level only with a valid receipt.',
  {
    level: oneOf(levels, 'exempt: anonymous audience measurement; granted: by the purposes that follow.'),
    purposes: whole(0, allPurposes, `Sum of the granted purposes: ${purposeBits}; 0 is none.`),
    policy: whole(1, limits.policyMax, "Version of the site's privacy policy that the choice was made for."),
    signal: oneOf(
      signals,
      'Who decided: the mode of the site, a choice, a consent platform, or a browser signal.',
    ),
    receipt: text(limits.receiptMax, 'The signed receipt that POST /v1/consent returned.'),
  },
  ['level', 'purposes', 'policy', 'signal'],
)

const device = object(
  'Device',
  'Kept as a class only before consent.',
  {
    screen: pair(0, limits.screenMax, 'Width and height of the screen, in CSS pixels.'),
    viewport: pair(0, limits.screenMax, 'Width and height of the viewport, in CSS pixels.'),
    language: text(limits.languageMax, 'Language of the browser, BCP 47: en-GB.'),
  },
  [],
)

const page = object(
  'Page',
  'A page that the events of the batch speak of.',
  {
    id: base64url(pageIdLength, 'Random id of this view of the page: 64 bits in base64url.'),
    url: name(limits.urlMax, "URL of the page, of one of the site's own origins."),
  },
  ['id', 'url'],
)

const properties: Record<string, JsonSchema> = {
  v: { const: 1, description: 'Version of this contract.' },
  site: name(limits.siteMax, 'Id of the site, as in lightfoot.json.'),
  batch: base64url(
    batchIdLength,
    'Random id of the batch: 128 bits in base64url. A retry sends the same one.',
  ),
  sent: upTo(
    limits.clockMsMax,
    "When the batch was sent, in milliseconds on the page's own monotonic clock.",
  ),
  consent: { $ref: '#/$defs/consent' },
  visitor: base64url(
    visitorIdLength,
    'First-party id: 128 bits in base64url; only with the purpose identity.',
  ),
  device: { $ref: '#/$defs/device' },
  pages: {
    type: 'array',
    minItems: 1,
    maxItems: limits.pagesMax,
    items: { $ref: '#/$defs/page' },
    description: 'Every page that the events speak of.',
  },
  events: {
    type: 'array',
    minItems: 1,
    maxItems: limits.eventsMax,
    items: { oneOf: eventTypes.map(type => ({ $ref: `#/$defs/${type}` })) },
    description: 'The events, in any order.',
  },
}

export const batchSchema: JsonSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:lightfoot:batch:1',
  ...object(
    'Lightfoot batch',
    [
      'What a page sends to POST /v1/events. Lengths are counted in code points. Beyond this schema:',
      ...Object.values(crossRules),
    ].join(' '),
    properties,
    ['v', 'site', 'batch', 'sent', 'consent', 'pages', 'events'],
  ),
  $defs: { consent, device, page, ...eventSchemas },
}

function base64url(length: number, description: string): JsonSchema {
  return { type: 'string', pattern: `^[A-Za-z0-9_-]{${length}}$`, description }
}
