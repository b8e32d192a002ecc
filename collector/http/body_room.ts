// The room that bodies on their way in may take together, in one process. One body is bounded by its limit and its time, but
// 10,000 connections that each send most of a body and then wait would hold 640 MB. Past the bound the body goes that is on
// its way for longest: an honest one comes in one piece and is gone at once.

/** A body on its way. `leave` when it has come or failed, more than once does no harm. */
export type Place = { grow(bytes: number): void; leave(): void }

export type BodyRoom = {
  /** `cut` ends the request when its place is needed. */
  enter(cut: () => void): Place
  bytes(): number
}

type Body = { bytes: number; readonly cut: () => void }

export function createBodyRoom(bytesMax: number): BodyRoom {
  const bodies = new Set<Body>()
  let bytes = 0

  function leave(body: Body): void {
    if (bodies.delete(body)) bytes -= body.bytes
  }

  function makeRoom(): void {
    for (const body of bodies) {
      if (bytes <= bytesMax) return
      leave(body)
      body.cut()
    }
  }

  return {
    bytes: () => bytes,
    enter(cut) {
      const body: Body = { bytes: 0, cut }
      bodies.add(body)
      return {
        grow(more) {
          if (!bodies.has(body)) return
          body.bytes += more
          bytes += more
          if (bytes > bytesMax) makeRoom()
        },
        leave: () => leave(body),
      }
    },
  }
}
