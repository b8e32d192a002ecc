// What the canary test plants: things that name a person, a device or a key, in the ways in which they are written. Each
// is drawn by a number, so that a hit says where it was planted, and each holds a marker that all of its kind share.

import { createHash } from 'node:crypto'

export type Plant = (number: number) => string

/** Words of a machine's making that do not change from run to run. */
function drawn(number: number, encoding: 'hex' | 'base64url', length: number): string {
  return createHash('sha256').update(`plant ${number}`).digest(encoding).slice(0, length)
}

const jwtHead = 'eyJhbGciOiJIUzI1NiJ9'
const jwtBody = (number: number) => Buffer.from(`{"sub":"zqcanary${number}"}`, 'utf8').toString('base64url')

/** What the scrub takes out of any text, wherever it stands. At most 76 characters: names have 100. */
export const plants = {
  'e-mail': n => `zqcanary${n}@zqmailhost.example`,
  'e-mail with a plus': n => `zqcanary+${n}@sub.zqmailhost.example`,
  'e-mail, encoded': n => `zqcanary${n}%40zqmailhost.example`,
  'e-mail, encoded twice': n => `zqcanary${n}%2540zqmailhost.example`,
  'e-mail, full width': n => `zqcanary${n}＠zqmailhost.example`,
  JWT: n => `${jwtHead}.${jwtBody(n)}.${drawn(n, 'base64url', 22)}`,
  'hexadecimal token': n => `a7f3c9e1b4d2${drawn(n, 'hex', 28)}`,
  'token in capitals': n => `A7F3C9E1B4D2${drawn(n, 'hex', 28).toUpperCase()}`,
  'session id': n => `q3e8k7lm2n9o4p5r6s${drawn(n, 'hex', 8)}`,
  'API key': n => `sk_live_Zq9xT4kW7vB2${drawn(n, 'hex', 8)}`,
  UUID: n => `a7f3c9e1-b4d2-4c5e-9f10-${drawn(n, 'hex', 12)}`,
  'named secret': n => `password=zqhunter${n}`,
  'phone, international': n => `+40 799 314 15${n % 10}`,
  'phone, local': n => `0799.314.15${n % 10}`,
  'phone, plain': n => `004079931415${n % 10}`,
  'card number': n => `4929 7993 1415 926${n % 10}`,
  IBAN: n => `RO49AAAA1B310075938400${String(n % 100).padStart(2, '0')}`,
  'network card': n => `02:a7:f3:c9:5d:${(16 + (n % 240)).toString(16)}`,
  IPv4: n => `192.0.2.${1 + (n % 254)}`,
  'IPv4 with a port': n => `192.0.2.${1 + (n % 254)}:4${n % 1000}`,
  'IPv4, encoded': n => `192%2E0%2E2%2E${1 + (n % 254)}`,
  IPv6: n => `2001:db8:77:cafe:5eed:d00d:beef:${(n + 1).toString(16)}`,
  'IPv6, short': n => `2001:db8:77:cafe:5eed::${(n + 1).toString(16)}`,
  'IPv6 with a port': n => `[2001:db8:77:cafe:5eed::${(n + 1).toString(16)}]:443`,
  'v4-mapped': n => `::ffff:192.0.2.${1 + (n % 254)}`,
  'v4-mapped, hexadecimal': n => `::ffff:c000:2${(16 + (n % 240)).toString(16)}`,
} as const satisfies Record<string, Plant>

export type PlantKind = keyof typeof plants

export const plantKinds = Object.keys(plants) as PlantKind[]

/** Of these a machine cannot know that they name a person: planted only where nothing at all may be kept. */
export const personNames: Plant = n => `Zebulon Quagmire ${n}`

/** Full addresses of clients; what is left of them is 203.0.113.0, 198.51.100.0 and 2001:db8:77::. */
export const clientAddresses = [
  '203.0.113.177',
  '198.51.100.141',
  '::ffff:203.0.113.177',
  '::ffff:cb00:71b1',
  '2001:db8:77:cafe:5eed:d00d:beef:42',
  '2001:0DB8:0077:CAFE:5EED:0000:0000:0042',
  '2002:cb00:71b1::1',
  '64:ff9b::203.0.113.177',
  '2001:db8:77:cafe:5eed::42%eth0',
] as const

/** What is looked for: the markers. None of them stands in anything that may be kept. */
export const plantNeedles: readonly string[] = [
  'zqcanary',
  'zqmailhost',
  'zqhunter',
  jwtHead,
  'a7f3c9e1b4d2',
  'a7f3c9e1-b4d2',
  'q3e8k7lm2n9o',
  'Zq9xT4kW7vB2',
  '799 314 15',
  '4929 7993 1415',
  'RO49AAAA1B31',
  '02:a7:f3:c9',
  '192.0.2.',
  '192-0-2-',
  '192%2E0%2E2',
  'ffff:c000:2',
  'cafe:5eed',
  'Zebulon',
  'Quagmire',
  '203.0.113.177',
  '198.51.100.141',
  'cb00:71b1',
  'cb0071b1',
  // 203.0.113.177 as one number, as programs that know C write it.
  '3405803953',
  // 2001:db8:77:cafe::/64 as bytes.
  Buffer.from('20010db80077cafe', 'hex').toString('latin1'),
]
