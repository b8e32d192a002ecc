// How often one network may ask for what costs the disk: a token bucket for each truncated prefix, in the memory of one
// process and nowhere else. Nothing of it is stored, logged or counted by prefix, and a prefix is forgotten once its
// bucket is full again.

import { LRUCache } from 'lru-cache'

export type RateLimit = {
  /** 0: it may. Else in how many seconds, at least 1, it may again. `at` is Unix milliseconds. */
  take(prefix: string, at: number): number
}

export type RateLimitOptions = {
  readonly perMinute: number
  /** So many may come at once. */
  readonly burst: number
  /** Past it the prefix that was seen longest ago is forgotten: a bound of memory, about 100 bytes each. */
  readonly prefixesMax?: number
}

/**
 * A bucket is one number: the instant at which it is full again (the generic cell rate algorithm). Each request moves that
 * instant on by the time in which a token comes back.
 */
export function createRateLimit({ perMinute, burst, prefixesMax = 10_000 }: RateLimitOptions): RateLimit {
  const tokenMs = 60_000 / perMinute
  const fullMs = burst * tokenMs
  const buckets = new LRUCache<string, number>({ max: prefixesMax, ttl: fullMs, ttlAutopurge: true })
  return {
    take(prefix, at) {
      // A clock that was set back leaves an empty bucket, until it is forgotten by the machine's steady clock.
      const fullAt = Math.min(Math.max(buckets.get(prefix) ?? at, at), at + fullMs)
      const waitMs = fullAt + tokenMs - (at + fullMs)
      if (waitMs > 0) return Math.max(1, Math.ceil(waitMs / 1000))
      buckets.set(prefix, fullAt + tokenMs)
      return 0
    },
  }
}
