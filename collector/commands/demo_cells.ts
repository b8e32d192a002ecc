// What a page may say of an event under a visitor's consent: the exempt steps, or what a granted purpose adds. The real
// tracker does this in the page; the collector checks both alike.

import type { Event } from '../../contract/events.ts'
import { type Field, matrix } from '../../contract/matrix.ts'
import { type PurposeSet, purposeBit } from '../../contract/purposes.ts'
import {
  bucketOf,
  durationEdgesMs,
  engagementStepMs,
  resultEdges,
  scrollQuartiles,
} from '../../contract/steps.ts'

export type Draft = Event extends infer Each
  ? Each extends Event
    ? Omit<Each, 'page' | 'seq'>
    : never
  : never

/** Undefined when the matrix has no cell for it. */
export function permitted(event: Draft, purposes: PurposeSet): Draft | undefined {
  const granted = (field: Field) => isGranted(field, purposes)
  switch (event.type) {
    case 'pageview':
      return {
        ...without(event, granted('title') ? [] : ['title']),
        ...(event.referrer !== undefined && { referrer: referrerOf(event.referrer, granted('referrer')) }),
        ...(event.status !== undefined && { status: statusOf(event.status, granted('error')) }),
      }
    case 'click':
      return granted('click') ? event : without(event, event.kind === 'tel' ? ['target'] : ['target', 'href'])
    case 'exit':
      return without(event, granted('exit') ? [] : ['target'])
    case 'error':
      if (granted('error')) return event
      return { type: 'error', at: event.at, kind: event.kind, status: statusOf(event.status ?? 0, false) }
    case 'search':
      if (granted('search')) return event
      return { type: 'search', at: event.at, results: bucketOf(resultEdges, event.results ?? 0) }
    case 'timing':
      return granted('timing') ? event : inBuckets(event)
    case 'view':
      return granted('view') ? event : undefined
    case 'form':
      return granted('form') ? event : undefined
    default:
      return event
  }
}

export function isGranted(field: Field, purposes: PurposeSet): boolean {
  const { purpose } = matrix[field]
  return purpose === null || (purposes & purposeBit(purpose)) !== 0
}

/**
 * Splits time into what is told now and what is carried on. Starting with a random part of a step rounds the last remainder
 * of a page at random in proportion, so that sums are right (the tracker does the same).
 */
export function steppedTime(
  ms: number,
  carriedMs: number,
  purposes: PurposeSet,
): { told: number; carried: number } {
  const step = isGranted('engagement', purposes) ? 1 : engagementStepMs
  const told = Math.floor((ms + carriedMs) / step) * step
  return { told, carried: ms + carriedMs - told }
}

/** The last tenth as it is told: itself, or the last of its quarter. */
export function steppedDepth(tenth: number, purposes: PurposeSet): number {
  return isGranted('scroll', purposes) ? tenth : (scrollQuartiles.find(quarter => quarter >= tenth) ?? 10)
}

/** The parameters of the page's own address that may be told. */
export function permittedQuery(query: string, purposes: PurposeSet): string {
  const kept = query.split('&').filter(parameter => {
    if (/^utm_(source|medium)=/.test(parameter)) return true
    if (/^(utm_|gclid=)/.test(parameter)) return isGranted('campaign', purposes)
    return isGranted('url', purposes)
  })
  return kept.join('&')
}

function referrerOf(url: string, isExact: boolean): string {
  return isExact || url.includes('/demo/') ? url : new URL('/', url).href
}

function statusOf(status: number, isExact: boolean): number {
  return isExact ? status : status - (status % 100)
}

function inBuckets(event: Draft & { type: 'timing' }): Draft {
  const { type, at, bytes: _bytes, protocol: _protocol, ...phases } = event
  const told = Object.entries(phases).map(([phase, ms]) => [phase, bucketOf(durationEdgesMs, ms)])
  return { type, at, ...Object.fromEntries(told) }
}

function without<T extends Draft>(event: T, fields: readonly string[]): T {
  return Object.fromEntries(Object.entries(event).filter(([key]) => !fields.includes(key))) as T
}
