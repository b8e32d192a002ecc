// All that is ever kept on the device: after a grant its receipt (and the first-party id, with `identity`), after an
// objection one cookie. Storage may be blocked and then throws: that is the same as empty.

import { guard } from './guard.ts'
import { data, policy } from './settings.ts'

const key = 'lightfoot'

export type Stored = {
  receipt: string
  policy: number
  purposes: number
  visitor?: string | undefined
  /** Of a grant that a consent platform told of: what it said. */
  tcf?: string | undefined
}

/** The stored grant, if it is by who decides here, for this policy and not older than six months; else it is removed. */
// Pure: the core, which never has a grant, is built without it.
export const readGrant = /* @__PURE__ */ guard((): Stored | undefined => {
  const stored = JSON.parse(localStorage.getItem(key) as string) as Stored | null
  if (stored && stored.policy === policy && !stored.tcf === !data.tcf && isFresh(stored.receipt))
    return stored
  if (stored) forgetGrant()
  return undefined
})

/** Throws where storage is blocked: a grant that cannot be kept is none. */
export const writeGrant = (stored: Stored): void => localStorage.setItem(key, JSON.stringify(stored))

export const forgetGrant = /* @__PURE__ */ guard((): void => localStorage.removeItem(key))

/** `v1.<site>.<policy>.<purposes>.<day as yyyymmdd>.<key>.<mac>`; the collector checks the rest. */
const isFresh = (receipt: string): boolean => {
  const receiptMs = 183 * 86_400_000
  const day = receipt.split('.')[4]?.replace(/(....)(..)/, '$1-$2-') as string
  return Date.parse(day) + receiptMs > Date.now()
}

export const isObjected = (): boolean => /(^|; )lightfoot_off=1(;|$)/.test(document.cookie)

/** 395 days; browsers keep no cookie for longer than 400. */
const objectionSeconds = 34_128_000

/** 0 seconds take it back. */
export const writeObjection = (seconds = objectionSeconds): void => {
  // An empty domain is no domain: the cookie is this host's own.
  const domain = data.cookieDomain ?? ''
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing in Safari and Firefox ESR.
  document.cookie = `lightfoot_off=1;path=/;max-age=${seconds};samesite=lax;domain=${domain}`
}
