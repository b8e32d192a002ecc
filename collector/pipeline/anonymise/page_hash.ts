// The page's column: what ties the rows of one view of a page together. It is not the id that the client chose, so that a
// client cannot mark rows, and not the same under tomorrow's key.

import { hmacSha256 } from '../hmac_sha256.ts'
import { writeLengthPrefixed } from '../length_prefixed.ts'
import type { DayKey } from '../stages.ts'
import type { Context, PageDraft } from './context.ts'

/** First 64 bits of HMAC-SHA256(day key, site ‖ page id), decimal. Without a day key, under a key of this process. */
export function pageHash(page: PageDraft, day: string, key: DayKey | undefined, context: Context): string {
  if (page.hash?.day === day) return page.hash.text
  const named = [context.permitted.site.id, page.pageId]
  const digest = hmacSha256(key ?? context.lookups.processKey, (bytes, at) =>
    writeLengthPrefixed(bytes, at, named),
  )
  const text = String(BigInt(`0x${digest.slice(0, 16)}`))
  page.hash = { day, text }
  return text
}
