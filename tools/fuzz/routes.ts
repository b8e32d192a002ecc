// Requests beside events: every public route, choices of consent, and paths that lead nowhere.

import type { Random } from '../../collector/commands/demo_random.ts'
import { purposeNames } from '../../contract/purposes.ts'
import type { Wanted } from './request.ts'
import { policy, siteIds } from './sites.ts'
import { oddText, one, plant } from './values.ts'

export type Asked = {
  readonly method: string
  readonly path: string
  readonly body?: Buffer
  readonly wanted: Wanted
}

const methods = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'DELETE',
  'PATCH',
  'OPTIONS',
  'TRACE',
  'PROPFIND',
  'M-SEARCH',
  'PURGE',
]
const known = [
  '/healthz',
  '/readyz',
  '/privacy',
  '/privacy?site=shop',
  '/lightfoot.js',
  '/v1/events',
  '/v1/consent',
  '/v1/pixel.gif',
  '/v1/pixel.gif?site=shop&path=/',
  '/v1/pixel.gif?site=strict&path=/',
  '/v1/pixel.gif?site=quiet&path=/order/1',
]

/** `x` is a plant or an odd text, percent-encoded. */
const odd: readonly ((x: string) => string)[] = [
  x => `/${x}`,
  x => `/v1/consent/${x}/proof`,
  x => `/privacy?site=${x}&${x}=${x}`,
  x => `/lightfoot.js?u=${x}`,
  x => `/t/${x}/lightfoot.js`,
  x => `/t/${x}/%2e%2e/%2e%2e/package.json`,
  x => `/healthz?${x}`,
  x => `/v1/pixel.gif?site=shop&path=/${x}`,
  x => `/v1/pixel.gif?site=shop&path=/health/${x}%3F${x}&${x}=${x}`,
  x => `/v1/pixel.gif?site=${x}&path=${x}`,
  x => `/v1/events?${x}`,
  x => `/v1/events/${x}`,
  x => `/demo/${x}`,
  x => `/api/reports/pages?site=${x}`,
  x => `/%E0%A4%A/${x}`,
  x => `/..;/${x}`,
  x => `//${x}/a`,
]
const nowhere = [
  '/../../etc/passwd',
  '/%2e%2e/%2e%2e/etc/passwd',
  '/..%5c..%5cwin.ini',
  '/%00',
  '/%',
  '/%ff',
  '/a%2fb',
  '//',
  '/.',
  '/metrics',
  '/api/status',
  '/.env',
  '/keys/receipt.key',
  '*',
  '/?',
  '/v1',
  '/V1/EVENTS',
  '/v1/events/',
  `/${'a/'.repeat(4000)}`,
  `/privacy?${'site=shop&'.repeat(500)}`,
  '/privacy?site[]=shop',
  '/privacy?site=shop&site=shop',
  '/privacy?__proto__=1',
  'http://other.example/healthz',
  '/lightfoot.js;a',
  '/lightfoot.js%00',
  '/healthz/',
  '/HEALTHZ',
]

/** Below 500 and above 199, but for what the collector never says. */
const anyBut5xx: readonly number[] = [200, 204, 304, 308, 400, 403, 404, 405, 413, 415, 429]

export function askedRoute(random: Random): Asked {
  const method = random.chance(0.6) ? 'GET' : one(random, methods)
  const path = one(random, [
    () => one(random, known),
    () => one(random, nowhere),
    () => one(random, odd)(encoded(random)),
  ])()
  const body = method === 'POST' || random.chance(0.05) ? { body: Buffer.from(plant(random)) } : {}
  // With its headers the head may then be over Node's 16 KiB, and Node's own answer has no body.
  const mayBeTooLong = path.length > 8000
  const wanted = mayBeTooLong ? { statuses: [...anyBut5xx, 431], isNodes: true } : { statuses: anyBut5xx }
  return { method, path, ...body, wanted }
}

function encoded(random: Random): string {
  const text = random.chance(0.7) ? plant(random) : oddText(random).slice(0, 500)
  // Halves of characters have no percent-encoding.
  return encodeURIComponent(Buffer.from(text).toString())
}

export function choice(random: Random): Asked {
  const site = random.chance(0.8) ? one(random, siteIds) : plant(random)
  const good = {
    site,
    policy,
    choice: one(random, ['grant', 'withdraw', 'object']),
    purposes: ['statistics', one(random, purposeNames)],
  }
  const source = random.chance(0.5) ? 'banner' : plant(random)
  const changed = random.chance(0.5) ? good : { ...good, source, ...one(random, choiceChanges)(random) }
  const text = JSON.stringify(changed)
  const body = Buffer.from(random.chance(0.1) ? text.slice(0, random.whole(0, text.length)) : text)
  return {
    method: 'POST',
    path: '/v1/consent',
    body,
    wanted: { statuses: [201, 202, 400, 403, 409, 413, 429] },
  }
}

const choiceChanges: readonly ((random: Random) => object)[] = [
  () => ({}),
  random => ({ [plant(random)]: plant(random) }),
  random => ({ policy: one(random, [-1, 1.5, 65_536, 1e300, null, '2', policy - 1]) }),
  random => ({ choice: plant(random) }),
  random => ({
    purposes: one<unknown>(random, [
      [],
      [plant(random)],
      new Array(40).fill('statistics'),
      'statistics',
      null,
      [[]],
    ]),
  }),
  random => ({ site: one<unknown>(random, [null, 1, [], 'x'.repeat(33), oddText(random)]) }),
  random => ({
    source: one<unknown>(random, [null, 1, {}, oddText(random), 'x'.repeat(1500), 'x'.repeat(3000)]),
  }),
]
