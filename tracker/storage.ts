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

/** The stored grant, if it is by who decides here, for this site and policy, and not older than six months; else it is removed. */
// Pure: the core, which never has a grant, is built without it.
export const readGrant = /* @__PURE__ */ guard((): Stored | undefined => {
  const stored = JSON.parse(localStorage.getItem(key) as string) as Stored | null
  if (stored && stored.policy === policy && !stored.tcf === !data.tcf && isOurs(stored.receipt)) return stored
  if (stored) forgetGrant()
  return undefined
})

/** Throws where storage is blocked: a grant that cannot be kept is none. */
export const writeGrant = (stored: Stored): void => localStorage.setItem(key, JSON.stringify(stored))

export const forgetGrant = /* @__PURE__ */ guard((): void => localStorage.removeItem(key))

/** `v1.<site>.<policy>.<purposes>.<day as yyyymmdd>.<key>.<mac>`; the collector checks the rest. */
const isOurs = (receipt: string): boolean => {
  const receiptMs = 183 * 86_400_000
  const oldest = new Date(Date.now() - receiptMs).toISOString().replace(/\D/g, '')
  const [, site, , , day = ''] = receipt.split('.')
  return site === data.site && day > oldest
}

export const isObjected = (): boolean => /\blightfoot_off=1\b/.test(document.cookie)

/** For 395 days: browsers keep no cookie for longer than 400. */
export const objectionSeconds = 34_128_000

/** 0 seconds take it back. */
export const writeObjection = (seconds: number): void => {
  // An empty domain is no domain: the cookie is this host's own.
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing in Safari and Firefox ESR.
  document.cookie = `lightfoot_off=1;path=/;max-age=${seconds};samesite=lax;domain=${data.cookieDomain ?? ''}`
}
