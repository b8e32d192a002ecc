// An event as a signal makes it, before delivery says of which page it is and when it was.

import type { Event } from '../contract/events.ts'

type Own<E> = Omit<E, 'type' | 'page' | 'seq' | 'at'>
type Fields<E> = E extends Event ? Pick<E, 'type'> & { [K in keyof Own<E>]: Own<E>[K] | undefined } : never

/** A field that is undefined is not sent. */
export type Draft = Fields<Event>
