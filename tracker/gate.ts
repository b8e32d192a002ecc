// The gate: who decides what may be collected, first match wins. It is asked before any listener is attached
// and again on every new page; the fields ask `granted` and `allowed` with their own bit of the consent matrix.

import type { BatchConsent } from '../contract/events.ts'
import { data, isSilent, policy } from './settings.ts'
import { isObjected, readGrant } from './storage.ts'

/**
 * What this page may do now, as every batch claims it; undefined: nothing at all. Another object for each page that begins: who
 * kept it knows by it whether that page still goes on.
 */
export let consent: BatchConsent | undefined
/** The first-party id, only while `identity` is granted. */
export let visitor: string | undefined

let purposes = 0

let signal: 'gpc' | 'dnt' | 'default'

/** What the consent platform said, '' nothing that grants; undefined while it is waited for, and where there is none. */
export let platform: string | undefined

export const settle = (answer: string): void => {
  platform = answer
}

/** Nothing may be collected here, and no choice that a banner tells of changes that. */
export const isRefused = (): boolean => {
  const { globalPrivacyControl, doNotTrack } = navigator
  signal = globalPrivacyControl ? 'gpc' : doNotTrack === '1' ? 'dnt' : 'default'
  return (
    isSilent || isObjected() || (IS_CORE && !!data.tcf) || (data.gpc === 'objection' && signal !== 'default')
  )
}

/** Decides anew: true when something may be collected. */
export const decide = (): boolean => {
  shut()
  if (isRefused() || (!IS_CORE && data.tcf && platform === undefined)) return false
  const stored = !IS_CORE && readGrant()
  // A grant that its platform does not confirm now is none.
  const grant = stored && stored.tcf === platform ? stored : undefined
  // A later choice outweighs GPC, except that it never re-opens disclosure to others. In bits undefined is 0.
  if (!IS_CORE) purposes = (grant?.purposes as number) & ~(signal === 'gpc' ? PURPOSE_OF.disclosure : 0)
  if (!IS_CORE && grant && purposes) {
    const signal = platform ? 'tcf' : 'choice'
    consent = { level: 'granted', purposes, policy, signal, receipt: grant.receipt }
    if (granted(PURPOSE_OF.visitor)) visitor = grant.visitor
  } else if (data.mode === 'exempt') consent = { level: 'exempt', purposes: 0, policy, signal }
  return !!consent
}

/** The visitor objected, or withdrew something that this page was granted: perhaps in another tab. */
export const isEnded = (): boolean => {
  return isObjected() || (!IS_CORE && (purposes & ~(readGrant()?.purposes as number)) > 0)
}

export const shut = (): void => {
  consent = undefined
  if (IS_CORE) return
  visitor = undefined
  purposes = 0
}

/** The field's granted cell is open. */
export const granted = (purpose: number): boolean => {
  return (purposes & purpose) > 0
}

/** At least the exempt cell is open: a purpose that was not granted leaves that in exempt mode, nothing in strict mode. */
export const allowed = (purpose: number): boolean => {
  return data.mode === 'exempt' || granted(purpose)
}
