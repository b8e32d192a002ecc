// TC strings for tests, made by the IAB's library, and a consent platform in a few lines that conforms to its CMP API v2:
// the function stands before other scripts, a listener hears at once what is known, and again what the visitor does.

import { Segment, SegmentEncoder, TCModel } from '@iabtcf/core'

export type Consented = { purposes?: readonly number[]; custom?: readonly number[] }

/** The core segment and the publisher's, as a platform writes them that asks for the site's own purposes. */
export function tcString({ purposes = [], custom = [] }: Consented, day = new Date('2026-05-01')): string {
  const model = new TCModel()
  model.cmpId = 10
  model.cmpVersion = 1
  model.consentScreen = 1
  model.consentLanguage = 'EN'
  model.policyVersion = 5
  model.created = model.lastUpdated = day
  model.publisherConsents.set([...purposes])
  model.numCustomPurposes = 4
  model.publisherCustomConsents.set([...custom])
  return [Segment.CORE, Segment.PUBLISHER_TC].map(segment => SegmentEncoder.encode(model, segment)).join('.')
}

/** What a platform tells of such a string. */
export function tcData(consented: Consented, eventStatus: string, day?: Date) {
  const all = (numbers: readonly number[] = []) => Object.fromEntries(numbers.map(number => [number, true]))
  return {
    tcString: tcString(consented, day),
    eventStatus,
    cmpStatus: 'loaded',
    gdprApplies: true,
    publisher: {
      consents: all(consented.purposes),
      legitimateInterests: {},
      customPurpose: { consents: all(consented.custom), legitimateInterests: {} },
      restrictions: {},
    },
  }
}

export type TcData = ReturnType<typeof tcData>

/** A script: the platform knows `first`, or nothing yet; the test calls `platform(data)` when the visitor does something. */
export function platformScript(first?: TcData): string {
  return `{
    let data = ${JSON.stringify(first ?? null)}
    const heard = []
    window.heardBy = heard
    window.__tcfapi = (command, version, callback) => {
      if (command !== 'addEventListener' || version !== 2) return callback(null, false)
      heard.push(callback)
      if (data) callback({ ...data, listenerId: heard.length }, true)
    }
    window.platform = next => {
      data = next
      for (const [index, callback] of heard.entries()) callback({ ...data, listenerId: index + 1 }, true)
    }
  }`
}
