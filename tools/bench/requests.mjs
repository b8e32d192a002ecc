// What is sent: the same batch again and again, or the demo's own traffic, in both cases under new ids each time, so that a
// collector that recognises repeats cannot profit from them. @BATCH@ and @PAGE@ stand where an id goes, @V4@ and @V6@
// where the part of an address goes that makes each visit another person's.

import path from 'node:path'
import { pathToFileURL } from 'node:url'

const agent =
  'Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36'
const demo = path.join(import.meta.dirname, '../../dist/collector/commands')
const visits = 400
const seed = 20

/** One request of `events` events of one page in exempt mode: a page view, then engagement. */
export function plainRequests(port, events) {
  const origin = `http://127.0.0.1:${port}`
  const pageview = { type: 'pageview', navigation: 'navigate', arrival: 'unknown', status: 200 }
  const engagement = { type: 'engagement', activeMs: 5000, visibleMs: 5000 }
  const batch = {
    v: 1,
    site: 'demo',
    batch: '@BATCH@',
    sent: 1000,
    consent: { level: 'exempt', purposes: 0, policy: 1, signal: 'default' },
    device: { screen: [1920, 1080], viewport: [1280, 720], language: 'en-GB' },
    pages: [{ id: '@PAGE@', url: `${origin}/demo/catalogue/?page=2` }],
    events: Array.from({ length: events }, (_, seq) => {
      const { type, ...fields } = seq === 0 ? pageview : engagement
      return { type, page: 0, seq, at: 100 + seq, ...fields }
    }),
  }
  return [{ headers: { 'user-agent': agent, ...headersFrom(origin) }, body: JSON.stringify(batch), events }]
}

/**
 * The batches of several hundred visits as `lightfoot demo` makes them: its proportion of event types, visitors, browsers,
 * grants, objections and robots; but of this minute, since live traffic is. Receipts are taken from the collector.
 */
export async function mixedRequests(port) {
  const origin = `http://127.0.0.1:${port}`
  const { demoClient } = await load('demo_client.js')
  const { grantedSets } = await load('demo_people.js')
  const { makeTraffic } = await load('demo_traffic.js')
  const client = demoClient(origin)
  const policy = await client.policy()
  const receipts = new Map()
  for (const purposes of grantedSets) receipts.set(purposes, await client.receipt(purposes, policy))
  const plan = { visits, seed, now: Date.now(), origin, timezone: 'UTC', policy, receipts }
  return [...makeTraffic(plan)].flat().map(({ batch, headers }) => {
    const last = Math.max(...batch.events.map(({ at }) => at))
    const pages = batch.pages.map(page => ({ ...page, id: '@PAGE@' }))
    const body = { ...batch, batch: '@BATCH@', sent: last + 1000, pages }
    return {
      headers: { ...elsewhere(lowerCase(headers)), ...headersFrom(origin) },
      body: JSON.stringify(body),
      events: batch.events.length,
    }
  })
}

async function load(file) {
  return import(pathToFileURL(path.join(demo, file)).href)
}

function headersFrom(origin) {
  return { 'content-type': 'text/plain;charset=UTF-8', origin }
}

function lowerCase(headers) {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}

/** `86.120.5.77 → 86.120.@V4@`, `2a02:2f00:7:1f::9 → 2a02:2f00:7:@V6@::9` */
function elsewhere(headers) {
  const address = headers['x-forwarded-for']
  const other = address.includes(':')
    ? address.replace(/[\da-f]+::/, '@V6@::')
    : address.replace(/\d+\.\d+$/, '@V4@')
  return { ...headers, 'x-forwarded-for': other }
}
