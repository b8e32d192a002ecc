// All that is ever kept on the device: after a grant its receipt (and the first-party id, with `identity`), after an
// objection one cookie. Storage may be blocked and then throws: that is the same as empty.

import { guard } from './guard.ts'
import { data, policy } from './settings.ts'

const key = 'lightfoot'
const objectionMs = 395 * 86_400_000
const receiptMs = 183 * 86_400_000

export type Stored = { receipt: string; policy: number; purposes: number; visitor?: string | undefined }

/** The stored grant, if it is for this site and policy and not older than six months; else it is removed. */
export const readGrant = guard((): Stored | undefined => {
  const text = localStorage.getItem(key)
  if (text === null) return undefined
  const stored = guard(JSON.parse)(text) as Stored | undefined
  if (stored && stored.policy === policy && isFresh(stored.receipt)) return stored
  forgetGrant()
  return undefined
})

export const writeGrant = guard((stored: Stored): void => localStorage.setItem(key, JSON.stringify(stored)))

export const forgetGrant = guard((): void => localStorage.removeItem(key))

/** `v1.<site>.<policy>.<purposes>.<day as yyyymmdd>.<key>.<mac>`; the collector checks the rest. */
function isFresh(receipt: string): boolean {
  const day = receipt.split('.')[4]?.replace(/(....)(..)/, '$1-$2-') ?? ''
  return Date.parse(day) + receiptMs > Date.now()
}

export function isObjected(): boolean {
  return /(^|; )lightfoot_off=1(;|$)/.test(document.cookie)
}

export function writeObjection(): void {
  const domain = data.cookieDomain ? `;domain=${data.cookieDomain}` : ''
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing in Safari and Firefox ESR.
  document.cookie = `lightfoot_off=1;path=/;max-age=${objectionMs / 1000};samesite=lax${domain}`
}
