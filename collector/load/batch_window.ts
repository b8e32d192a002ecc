// Batches seen in the last ten minutes, by the 64-bit hash of (site, batch): a retry is recognised although it came through
// another acceptor. Time is that of the segments, not of the reading, so a backlog that is loaded hours later drops the
// same repeats. Where it leaps, forward or back, somebody has set the clock, or nobody came for a while: then the window
// goes on from where it was, so that the retry of a batch from before the leap is recognised too.
//
// Bounded: 4,194,304 hashes (7,000 batches a second for ten minutes) in at most 64 MiB; past it the oldest minute is
// forgotten early, which is counted, and the fold removes what then repeats.

export type BatchWindow = {
  /** False for a batch that is in the window already. A hash of 0 means "no batch id", and is always new. */
  add(hash: bigint, segmentCreatedMs: number): boolean
  /** Are hashes of the segments that were created then still in it? */
  remembers(segmentCreatedMs: number): boolean
  size(): number
  /** Hashes forgotten before their time. */
  forgottenEarly(): number
}

export const hashesMaxDefault = 4_194_304

const minuteMs = 60_000
/** A record is written up to one minute after its segment was created, and its retry up to ten minutes after that. */
const minutesKept = 12

export function createBatchWindow({ hashesMax = hashesMaxDefault } = {}): BatchWindow {
  const minutes = new Map<number, HashSet>()
  /** Minutes of the window, by the creation of the segments that it has met. */
  const minuteOf = new Map<number, number>()
  let met: { readonly clockMinute: number; readonly minute: number } | undefined
  let newest = Number.NEGATIVE_INFINITY
  let forgottenBefore = Number.NEGATIVE_INFINITY
  let size = 0
  let forgottenEarly = 0

  function oldestMinute(): number {
    return Math.max(forgottenBefore, newest - minutesKept + 1)
  }

  function forget(minute: number): number {
    const gone = minutes.get(minute)?.size() ?? 0
    minutes.delete(minute)
    size -= gone
    return gone
  }

  function advance(minute: number): void {
    newest = minute
    for (const old of minutes.keys()) if (old < oldestMinute()) forget(old)
    for (const [createdMs, old] of minuteOf) if (old < oldestMinute()) minuteOf.delete(createdMs)
  }

  /** Decided when a segment is first met: those of before and after a leap may be written side by side for a minute. */
  function windowMinute(segmentCreatedMs: number): number {
    const known = minuteOf.get(segmentCreatedMs)
    if (known !== undefined) return known
    const clockMinute = Math.floor(segmentCreatedMs / minuteMs)
    const passed = clockMinute - (met?.clockMinute ?? clockMinute)
    const isLeap = Math.abs(passed) > minutesKept
    const minute = met === undefined ? clockMinute : isLeap ? newest + 1 : met.minute + passed
    met = { clockMinute, minute }
    minuteOf.set(segmentCreatedMs, minute)
    return minute
  }

  function makeRoom(): void {
    const oldest = Math.min(...minutes.keys())
    forgottenEarly += forget(oldest)
    forgottenBefore = oldest + 1
  }

  return {
    add(hash, segmentCreatedMs) {
      const minute = windowMinute(segmentCreatedMs)
      if (minute > newest) advance(minute)
      if (hash === 0n) return true
      const low = Number(BigInt.asUintN(32, hash))
      const high = Number(hash >> 32n)
      for (const set of minutes.values()) if (set.has(low, high)) return false
      if (size >= hashesMax) makeRoom()
      // Older than what the window holds: nothing to keep.
      if (minute < oldestMinute()) return true
      const set = minutes.get(minute) ?? createHashSet()
      minutes.set(minute, set)
      set.add(low, high)
      size++
      return true
    },
    remembers: segmentCreatedMs =>
      (minuteOf.get(segmentCreatedMs) ?? Number.NEGATIVE_INFINITY) >= oldestMinute(),
    size: () => size,
    forgottenEarly: () => forgottenEarly,
  }
}

type HashSet = {
  has(low: number, high: number): boolean
  add(low: number, high: number): void
  size(): number
}

/** Open addressing, 8 bytes a place, at most half full: a Set of bigint takes about ten times as much. */
function createHashSet(): HashSet {
  let places = new Uint32Array(2 * 1024)
  let size = 0

  /** Where the hash is, or the free place where it would be. The hash is random already, so its low bits spread. */
  function find(low: number, high: number): number {
    const mask = places.length / 2 - 1
    let place = low & mask
    for (;;) {
      const at = 2 * place
      if ((places[at] === low && places[at + 1] === high) || isFree(at)) return at
      place = (place + 1) & mask
    }
  }

  function isFree(at: number): boolean {
    return places[at] === 0 && places[at + 1] === 0
  }

  function grow(): void {
    const old = places
    places = new Uint32Array(old.length * 2)
    for (let at = 0; at < old.length; at += 2) {
      const low = old[at] ?? 0
      const high = old[at + 1] ?? 0
      if (low !== 0 || high !== 0) places.set([low, high], find(low, high))
    }
  }

  return {
    has: (low, high) => !isFree(find(low, high)),
    add(low, high) {
      if (size * 4 >= places.length) grow()
      places.set([low, high], find(low, high))
      size++
    },
    size: () => size,
  }
}
