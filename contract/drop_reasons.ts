// Every reason for which an event can be dropped. Closed: each is counted, none is silent, and a new one starts here.

export const dropReasons = [
  /** The site is not in the configuration. */
  'unknown_site',
  /** Strict mode (or no valid level) without a valid receipt. */
  'no_consent',
  /** The visitor objected: the cookie `lightfoot_off=1`, or GPC where the site reads it as an objection. */
  'objected',
  /** The event's type has nothing that this consent level permits: hover in exempt mode, an undeclared custom event. */
  'not_permitted',
  /** A page URL that is not of the site's own origins. */
  'foreign_url',
  /** A type that only the server makes (`call`). */
  'server_only',
  /** The user agent is of a known robot. */
  'bot',
  /** A repeat of a batch that was accepted in the last ten minutes. */
  'duplicate',
  /** Its day's raw rows have begun to expire, so the day cannot be folded again. */
  'late',
  /** ClickHouse refused the row; it is set aside in rejects/. */
  'refused_row',
] as const

export type DropReason = (typeof dropReasons)[number]

export type DropCounts = Partial<Record<DropReason, number>>
