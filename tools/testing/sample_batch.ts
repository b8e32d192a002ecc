// A small valid batch in exempt mode, for tests that need "some event" and for samples of what a browser would send.

import { randomBytes } from 'node:crypto'
import type { Batch, Event } from '../../contract/events.ts'

/** 22 base64url characters. */
export function newBatchId(): string {
  return randomBytes(16).toString('base64url')
}

/** 11 base64url characters. */
export function newPageId(): string {
  return randomBytes(8).toString('base64url')
}

/** `events` events (60 at most) of one page of `origin`: a page view, then engagement of 5 s each. */
export function sampleBatch(site: string, origin: string, events = 1, path = '/sample'): Batch {
  const list: Event[] = Array.from({ length: events }, (_, seq) =>
    seq === 0
      ? { type: 'pageview', page: 0, seq, at: 10, navigation: 'navigate', arrival: 'unknown', status: 200 }
      : { type: 'engagement', page: 0, seq, at: 10 + seq, activeMs: 5000, visibleMs: 5000 },
  )
  return {
    v: 1,
    site,
    batch: newBatchId(),
    sent: 1000,
    consent: { level: 'exempt', purposes: 0, policy: 1, signal: 'default' },
    device: { screen: [1920, 1080], viewport: [1280, 720], language: 'en-GB' },
    pages: [{ id: newPageId(), url: origin + path }],
    events: list,
  }
}

export const sampleAgent =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36'

/** Posts a batch as a page of `origin` would. Rejects when the connection breaks or no answer comes in time. */
export function postBatch(
  collector: string,
  origin: string,
  batch: Batch,
  headers: Record<string, string> = {},
  timeoutMs = 30_000,
): Promise<Response> {
  return fetch(`${collector}/v1/events`, {
    method: 'POST',
    signal: AbortSignal.timeout(timeoutMs),
    body: JSON.stringify(batch),
    headers: { 'content-type': 'text/plain;charset=UTF-8', origin, 'user-agent': sampleAgent, ...headers },
  })
}
