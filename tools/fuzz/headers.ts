// Headers of a page's request, full of what names a person: all of it may be read, and none of it kept.

import type { Random } from '../../collector/commands/demo_random.ts'
import { clientAddresses, personNames, plantKinds, plants } from '../testing/plants.ts'
import { sampleAgent } from '../testing/sample_batch.ts'
import type { Headers } from './request.ts'
import { origin } from './sites.ts'
import { one } from './values.ts'

/** What a page sends, and nothing more. */
export const plainHeaders: Headers = {
  'content-type': 'text/plain;charset=UTF-8',
  origin,
  'user-agent': sampleAgent,
}

export function plantedHeaders(random: Random): Headers {
  const number = random.whole(100_000, 999_999)
  const address = one(random, clientAddresses)
  const secret = printable(plants[one(random, plantKinds)](number))
  const mail = plants['e-mail'](number)
  return {
    ...plainHeaders,
    'user-agent': `${sampleAgent} ${plants['hexadecimal token'](number)} ${plants.IPv4(number)} ${personNames(number)}`,
    'x-forwarded-for': one(random, forwarded)(secret, address),
    forwarded: `for="${address}";by=${plants.IPv4(number)};host=${mail}`,
    'x-real-ip': address,
    'cf-connecting-ip': address,
    referer: `${origin}/from/${encodeURIComponent(mail)}?token=${encodeURIComponent(secret)}`,
    cookie: one(random, cookies)(encodeURIComponent(secret), mail),
    authorization: `Bearer ${plants.JWT(number)}`,
    'accept-language': `ro-RO, x-${plants['session id'](number)};q=0.5`,
    'x-request-id': plants.UUID(number),
    'if-none-match': `"${plants['session id'](number)}"`,
    ...one(random, signals),
  }
}

type Write = (secret: string, second: string) => string

/** Only what a trusted proxy wrote at the right end counts, and it has to be an address. */
const forwarded: readonly Write[] = [
  (secret, address) => `${secret}, ${address}`,
  (_secret, address) => address,
  // With a letter before it, or the prefix of a planted address would be kept, as it may.
  secret => `x${secret}`,
  (secret, address) => `${address}, x${secret}`,
  (_secret, address) => `${address}, 10.0.0.1, 127.0.0.1`,
  (_secret, address) => new Array(40).fill(address).join(','),
  (_secret, address) => `[${address}]:443, unknown, _hidden`,
  (_secret, address) => `${address}%${'z'.repeat(200)}, ::ffff:999.1.1.1, 127.1, 0x7f.1, 1.2.3.4.5, ::1::`,
  () => ',,, ,',
  (_secret, address) => `${'9'.repeat(5000)}, ${address}`,
]

const cookies: readonly Write[] = [
  (secret, mail) => `session=${secret}; user=${mail}`,
  (secret, mail) => `lightfoot_off=1; session=${secret}; user=${mail}`,
  (secret, mail) => `lightfoot_off=0; session=${secret}; x${mail}lightfoot_off=1`,
]

const signals: readonly Headers[] = [
  {},
  {},
  {},
  { 'sec-gpc': '1' },
  { dnt: '1' },
  { 'sec-gpc': '0', dnt: 'x' },
]

/** Headers are Latin-1 here. */
function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '@')
}
