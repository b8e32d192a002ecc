// Follows a consent platform of the IAB's framework. Of what it says only the site's own consents count, by the configured
// map: we are no vendor of the global list.
// https://github.com/InteractiveAdvertisingBureau/GDPR-Transparency-and-Consent-Framework (CMP API v2)

import { purposesByTcf } from '../contract/tcf.ts'
import { guard, later } from './guard.ts'
import type { ConsentPart } from './parts.ts'
import { set } from './record_grant.ts'

type Consents = Record<string, boolean> | undefined

type TcData = {
  eventStatus?: string
  tcString?: string
  publisher?: { consents?: Consents; customPurpose?: { consents?: Consents } }
}

declare global {
  interface Window {
    __tcfapi?(
      command: 'addEventListener',
      version: number,
      callback: (data: TcData, isDone: boolean) => void,
    ): void
  }
}

export const follow: ConsentPart['follow'] = (map, newChoice, answered) => {
  let answer: string | undefined
  // Half a minute: a platform's stub stands before other scripts, but a tag manager may bring it late.
  let tries = 150
  const find = (): void => {
    if (window.__tcfapi) window.__tcfapi('addEventListener', 2, guard(hear))
    else if (tries--) later(find, 200)
  }
  const hear = (data: TcData, isDone: boolean): void => {
    // While its dialogue is shown (`cmpuishown`) there is no choice.
    if (isDone && /^(tcloaded|useractioncomplete)$/.test(data.eventStatus ?? '')) take(data).catch(() => {})
  }
  const take = async ({ tcString, publisher }: TcData): Promise<void> => {
    const purposes = purposesByTcf(
      map,
      (number, isCustom) => (isCustom ? publisher?.customPurpose : publisher)?.consents?.[number],
    )
    const host = newChoice(purposes)
    const said = purposes ? `${purposes} ${tcString}` : ''
    const before = answer
    answer = said
    if (!purposes) {
      answered('')
      if (host.known.purposes) await host.tell({ choice: 'withdraw' })
    } else if (host.known.tcf === said) {
      if (said !== before) answered(said)
    } else {
      const isGranted = await set(host, purposes, { source: 'tcf' }, { string_: tcString, answer_: said })
      if (isGranted) answered(said)
      else if (host.isOpen()) answered('')
    }
  }
  guard(find)()
}
