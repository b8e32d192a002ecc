// What travels from the page to the collector: one batch of events. Times are milliseconds on the page's own
// monotonic clock (performance.now()), figures are increments since the last event of the same kind.

export const navigations = [
  'navigate',
  'reload',
  'back_forward',
  'prerender',
  'bfcache',
  'route',
  'consent',
] as const
export const arrivals = ['link', 'address', 'reload', 'back_forward', 'unknown'] as const
export const exitMethods = ['link', 'form', 'back_forward', 'script', 'unknown'] as const
export const clickKinds = ['internal', 'outbound', 'download', 'tel', 'mailto', 'button', 'other'] as const
export const frustrations = ['rage', 'dead'] as const
export const formOutcomes = ['submit', 'abandon', 'invalid'] as const
export const errorKinds = ['resource', 'download', 'page', 'script'] as const
export const vitalNames = ['LCP', 'CLS', 'INP', 'FCP', 'TTFB'] as const
export const levels = ['exempt', 'granted'] as const
/** Who decided about the level: the site's mode, a choice on the page, a consent platform, or a browser signal. */
export const signals = ['default', 'choice', 'tcf', 'gpc', 'dnt'] as const

type OneOf<T extends readonly string[]> = T[number]

/** What every event has: its page (an index into `pages`), its number within that page, its time on the page's clock. */
type Common<T extends string> = { type: T; page: number; seq: number; at: number }

export type PageviewEvent = Common<'pageview'> & {
  referrer?: string
  title?: string
  navigation?: OneOf<typeof navigations>
  arrival?: OneOf<typeof arrivals>
  /** Own path of the page before, where the browser tells it (navigation.activation.from). */
  from?: string
  status?: number
}
export type EngagementEvent = Common<'engagement'> & {
  activeMs?: number
  visibleMs?: number
  /** First and last decile newly reached, 1 to 10. */
  scroll?: [number, number]
}
export type ExitEvent = Common<'exit'> & { method: OneOf<typeof exitMethods>; target?: string }
export type ClickEvent = Common<'click'> & {
  kind: OneOf<typeof clickKinds>
  target?: string
  href?: string
  frustration?: OneOf<typeof frustrations>
}
export type HoverEvent = Common<'hover'> & { target: string; ms: number }
export type FormEvent = Common<'form'> & {
  form: string
  outcome: OneOf<typeof formOutcomes>
  fields?: number
  fillMs?: number
}
export type SearchEvent = Common<'search'> & { term?: string; results?: number }
export type ViewEvent = Common<'view'> & { name: string; group?: string }
export type ErrorEvent = Common<'error'> & {
  kind: OneOf<typeof errorKinds>
  tag?: string
  url?: string
  status?: number
  message?: string
  file?: string
  line?: number
}
/** Phases of the navigation, each a duration in milliseconds; `bytes` is the transfer size. */
export type TimingEvent = Common<'timing'> & {
  redirect?: number
  dns?: number
  connect?: number
  tls?: number
  request?: number
  response?: number
  ttfb?: number
  interactive?: number
  dcl?: number
  load?: number
  bytes?: number
  protocol?: string
}
export type VitalEvent = Common<'vital'> & { name: OneOf<typeof vitalNames>; value: number }
export type CustomEvent = Common<'custom'> & {
  name: string
  props?: Record<string, string | number | boolean>
}
/** Made on the server by an import only; a browser that sends one has it dropped as `server_only`. */
export type CallEvent = Common<'call'> & { country?: string; area?: string; seconds: number; dialled: string }

export type Event =
  | PageviewEvent
  | EngagementEvent
  | ExitEvent
  | ClickEvent
  | HoverEvent
  | FormEvent
  | SearchEvent
  | ViewEvent
  | ErrorEvent
  | TimingEvent
  | VitalEvent
  | CustomEvent
  | CallEvent

export type EventType = Event['type']

export const eventTypes = [
  'pageview',
  'engagement',
  'exit',
  'click',
  'hover',
  'form',
  'search',
  'view',
  'error',
  'timing',
  'vital',
  'custom',
  'call',
] as const satisfies readonly EventType[]

export type BatchConsent = {
  level: OneOf<typeof levels>
  /** Bit mask of the purposes that the page claims were granted; see purposes.ts. */
  purposes: number
  policy: number
  signal: OneOf<typeof signals>
  receipt?: string
}

export type Page = { id: string; url: string }

export type Batch = {
  v: 1
  site: string
  /** 128 random bits; (site, batch) is the idempotency key of a retry. */
  batch: string
  sent: number
  consent: BatchConsent
  /** 128-bit first-party id; only when `identity` is granted. */
  visitor?: string
  device?: { screen?: [number, number]; viewport?: [number, number]; language?: string }
  pages: Page[]
  events: Event[]
}
