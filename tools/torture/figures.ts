// What is added up, event by event as it is acknowledged and row by row as it is stored: counts of every type, and the sums
// of the columns that reports add up. A figure is compared in the raw rows and in each rollup that holds it.

import type { Event, EventType } from '../../contract/events.ts'
import { durationEdgesMs } from '../../contract/steps.ts'

export type Figure = {
  readonly name: string
  /** What one event adds. */
  of(event: Event): number
  /** The same of the rows of `events`, … */
  readonly raw: string
  /** … and of rollups. */
  readonly rollups?: Readonly<Record<string, string>>
}

const counted = [
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
] as const satisfies readonly EventType[]

/** Rollups beside `totals` that count the events of a type. */
const countedIn: Partial<Record<EventType, Readonly<Record<string, string>>>> = {
  pageview: {
    pages: 'sum(views)',
    sources: 'sum(views)',
    flows: 'sum(views)',
    audience: "sumIf(views, dimension = 'browser')",
  },
  click: { actions: 'sum(clicks)' },
  // A page that told of no exit is a row too.
  exit: { exits: "sumIf(exits, method != 'hidden')" },
  error: { errors: 'sum(errors)' },
  timing: { timings: "sumIf(samples, metric = 'load')" },
  vital: { timings: "sumIf(samples, metric = 'LCP')" },
}

export const figures: readonly Figure[] = [
  { name: 'events', of: () => 1, raw: 'count()', rollups: { totals: 'sum(events)' } },
  // A doubled row would add to `count()` and not to this one.
  { name: 'different events', of: () => 1, raw: 'uniqExact(page, seq)' },
  ...counted.map(type => ({
    name: type,
    of: (event: Event) => (event.type === type ? 1 : 0),
    raw: `countIf(type = '${type}')`,
    rollups: { totals: `sumIf(events, type = '${type}')`, ...countedIn[type] },
  })),
  {
    name: 'tel clicks',
    of: event => (event.type === 'click' && event.kind === 'tel' ? 1 : 0),
    raw: "countIf(type = 'click' and kind = 'tel')",
    rollups: { calls: 'sum(clicks)' },
  },
  {
    name: 'engaged ms',
    of: event => (event.type === 'engagement' ? (event.activeMs ?? 0) : 0),
    raw: 'sum(active_ms)',
    rollups: { pages: 'sum(active_ms)' },
  },
  {
    name: 'visible ms',
    of: event => (event.type === 'engagement' ? (event.visibleMs ?? 0) : 0),
    raw: 'sum(visible_ms)',
    rollups: { pages: 'sum(visible_ms)' },
  },
  {
    name: 'deciles',
    of: event => (event.type === 'engagement' && event.scroll ? event.scroll[1] - event.scroll[0] + 1 : 0),
    raw: 'sum(if(scroll_from = 0, 0, scroll_to - scroll_from + 1))',
    rollups: { scroll: 'sum(pages)' },
  },
  {
    name: 'load ms',
    of: event => (event.type === 'timing' ? (event.load ?? 0) : 0),
    raw: 'sum(load_ms)',
  },
  {
    name: 'LCP ms',
    of: event => (event.type === 'vital' ? event.value : 0),
    raw: 'sum(value)',
  },
  {
    name: 'dwell and fill ms',
    of: event => (event.type === 'hover' ? event.ms : event.type === 'form' ? (event.fillMs ?? 0) : 0),
    raw: 'sum(duration_ms)',
  },
  {
    name: 'results and fields',
    of: event =>
      event.type === 'search' ? (event.results ?? 0) : event.type === 'form' ? (event.fields ?? 0) : 0,
    raw: 'sum(amount)',
  },
]

/** Rollups that hold a figure. */
export const rollupNames: readonly string[] = [
  ...new Set(figures.flatMap(({ rollups }) => Object.keys(rollups ?? {}))),
]

/** Durations that stay what they are when they are coarsened. */
export const edgesMs: readonly number[] = durationEdgesMs.filter(edge => edge > 0)
