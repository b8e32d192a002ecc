// Reads what a TC string (the IAB's Transparency and Consent Framework, version 2) says to the site itself: its segment for
// the publisher, and no other. The core segment may list ranges of vendors, which the library writes out one by one: 132
// characters with ten ranges kept it busy for 50 s. The segment of the publisher has 183 bits at most.
// https://github.com/InteractiveAdvertisingBureau/GDPR-Transparency-and-Consent-Framework/blob/master/TCFv2

import type { PurposeSet } from '../../contract/purposes.ts'
import type { TcfMap } from '../../contract/tcf.ts'
import { purposesByTcf, writeTcfMap } from '../../contract/tcf.ts'

/** Long strings have many restrictions of vendors; the longest that platforms write are about half of this. */
export const tcStringMax = 6000

/** Version 2 begins with `C`, the segment of the publisher (type 3, in the first three bits) with a letter from Y to f. */
const pattern = /^C[\w-]+(\.[\w-]+)*$/
const publisherSegment = /^[YZa-f]/

/** The purposes that the string grants by the site's map; undefined when it is no TC string. Without the segment: none. */
export async function purposesOfTcString(text: string, map: TcfMap): Promise<PurposeSet | undefined> {
  if (text.length > tcStringMax || !pattern.test(text)) return undefined
  const segments = text.split('.').filter(segment => publisherSegment.test(segment))
  if (segments.length !== 1) return segments.length === 0 ? 0 : undefined
  const { publisherConsents, publisherCustomConsents } = (await decode(segments[0] ?? '')) ?? {}
  if (!publisherConsents || !publisherCustomConsents) return undefined
  return purposesByTcf(writeTcfMap(map), (number, isCustom) =>
    (isCustom ? publisherCustomConsents : publisherConsents).has(number),
  )
}

/** The library is loaded with the first string: most sites never have one. */
async function decode(segment: string) {
  const { Segment, SegmentEncoder, TCModel } = await import('@iabtcf/core')
  try {
    return SegmentEncoder.decode(segment, new TCModel(), Segment.PUBLISHER_TC)
  } catch {
    return undefined
  }
}
