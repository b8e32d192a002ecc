// A child's end of the line to the supervisor. Without a supervisor a child has no reason to live: an acceptor would write
// on beside its successor, an engine would hold the database. So it exits at once when the channel closes.

import type { ChildStart, FromChild, ToChild } from './messages.ts'

export type Link = {
  readonly start: ChildStart
  send(message: FromChild): void
  /** Tells why it cannot work, and ends. */
  refuse(message: string): void
  onMessage(listener: (message: ToChild) => void): void
}

/** Says hello and waits to be told what to be. */
export function linkToSupervisor(): Promise<Link> {
  process.on('disconnect', () => process.exit(1))
  // A terminal sends its signals to the whole group, and systemd to the whole unit; stopping is the supervisor's word.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})
  const send = (message: FromChild) => {
    if (process.connected) process.send?.(message, undefined, undefined, () => {})
  }
  const refuse = (message: string) => {
    process.send?.({ kind: 'refused', message } satisfies FromChild, undefined, undefined, () =>
      process.exit(1),
    )
  }
  return new Promise(resolve => {
    let listener: ((message: ToChild) => void) | undefined
    // What comes before somebody listens is kept: a stop, or a new configuration, during a slow start.
    const early: ToChild[] = []
    const onMessage = (next: (message: ToChild) => void) => {
      listener = next
      for (const message of early.splice(0)) next(message)
    }
    process.on('message', (message: ToChild) => {
      if (message.kind === 'start') resolve({ start: message.start, send, refuse, onMessage })
      else if (listener) listener(message)
      else early.push(message)
    })
    send({ kind: 'hello' })
  })
}
