// Takes out of a text what names a person, a device or a key: e-mail addresses, network addresses, ids, tokens, secrets
// after their name, phone numbers and long runs of digits. Each leaves a word that says what stood there, so that pages
// which differ only in it still count as one: `/user/:email/orders`.

import { looksRandom } from './looks_random.ts'
import { removeEmails } from './remove_emails.ts'
import { removeNumbers } from './remove_numbers.ts'

/** Most texts hold nothing that any rule could find; one look spares them all rules. */
const suspicious = /[@\p{Nd}%=:]|[^\x20-\x7e]|[^\s/]{16}|bearer /iu

const uuid = /(?<![0-9a-z])[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}(?![0-9a-z])/gi

const addressV4 = /(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?!\d|\.\d)/g

/**
 * Groups of hexadecimal with `::`, or eight of them, or the six of a network card; twelve minutes past three, 3:12:00, is no
 * address. A colon may stand before it, as in `user:2001:db8::1`.
 */
const addressV6 =
  /(?<![\w.])(?=[0-9a-f:]{0,45}::|(?:[0-9a-f]{1,4}:){5})(?:[0-9a-f]{0,4}:){2,8}(?:(?:\d{1,3}\.){3}\d{1,3}|[0-9a-f]{1,4})?(?![\w:]|\.\d)/gi

/**
 * What comes after the name of a secret, whatever it looks like: `password=hunter2`, `Bearer abc`. After a colon and a
 * space only with a digit in it, so that a title such as `Password: how to choose one` stays.
 */
const namedSecret =
  /(?<![a-z])((?:[a-z]{1,20}[_-]?)?(?:token|secret|password|passwd|pwd|api[_-]?key|auth|authorization|session(?:[_-]?id)?|sess(?:id)?|sid|signature|otp|jwt)["']?(?:\s?=\s?|:\s{0,2}(?=\S{0,200}\d))["']?|bearer |basic (?=\S{0,200}=))[^\s&"',;:/]{1,2048}/gi

/** What tokens are written with; those of other scripts are words, and in some of them sentences have no spaces. */
const word = /[A-Za-z0-9_\-.~+=%$]{10,}/g

export function removePersonal(text: string): string {
  if (!suspicious.test(text)) return text
  let rest = text
  if (rest.includes('@')) rest = removeEmails(rest)
  rest = rest.replace(namedSecret, '$1:token').replace(uuid, ':id')
  rest = removeAddresses(rest).replace(word, found => (looksRandom(found) ? ':token' : found))
  return removeNumbers(rest)
}

/** Network addresses only: for ids of clicks, which are words of a machine's making by their nature. */
export function removeAddresses(text: string): string {
  const rest = text.includes(':') ? text.replace(addressV6, ':address') : text
  return rest.replace(addressV4, ':address')
}
