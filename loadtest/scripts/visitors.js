// Who sends: browsers in the proportion of the demo's visitors, addresses that are for documentation, and choices of consent.

import http from 'k6/http'
import { makeBatch } from './batches.js'
import { countAnswer, countSent } from './outcome.js'
import { plan } from './plan.js'
import { pick, pickWeighted } from './random.js'

const windows = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64)'
const mac = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)'
const chrome = 'AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0'
const safari = 'AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1'
const agents = [
  [22, `Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) ${safari} Mobile/15E148 Safari/604.1`],
  [21, `${windows} ${chrome} Safari/537.36`],
  [15, `Mozilla/5.0 (Linux; Android 10; K) ${chrome} Mobile Safari/537.36`],
  [8, `${mac} ${safari} Safari/605.1.15`],
  [7, `${windows} ${chrome} Safari/537.36 Edg/142.0.0.0`],
  [7, `${mac} ${chrome} Safari/537.36`],
  [5, 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0'],
  [5, `Mozilla/5.0 (Linux; Android 14; SM-S911B) ${chrome} Mobile Safari/537.36`],
  [4, `Mozilla/5.0 (iPad; CPU OS 17_7 like Mac OS X) ${safari} Mobile/15E148 Safari/604.1`],
  [2, 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0'],
]
export const robot = 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)'
const networks = ['192.0.2', '198.51.100', '203.0.113']

/** Believed only where the collector trusts the sender as a proxy, as the demo does; else all have the sender's address. */
export function visitorHeaders() {
  return {
    'content-type': 'text/plain;charset=UTF-8',
    origin: plan.origin,
    'user-agent': pickWeighted(agents),
    'x-forwarded-for': `${pick(networks)}.${1 + Math.floor(Math.random() * 254)}`,
  }
}

export const exempt = { level: 'exempt', purposes: 0, policy: plan.policy, signal: 'default' }

/** A whole number of sets is granted once, before the run: receipts are equal for all who chose alike that day. */
const grants = [['statistics'], ['statistics', 'performance'], ['statistics', 'behaviour', 'performance']]
const bits = { statistics: 1, behaviour: 2, performance: 4 }

/** The consent of batches after a grant, one for each set of purposes. */
export function grantAll() {
  return grants.map(purposes => {
    const body = { site: plan.site, policy: plan.policy, choice: 'grant', purposes, source: 'banner' }
    const response = http.post(`${plan.collector}/v1/consent`, JSON.stringify(body), {
      headers: visitorHeaders(),
    })
    if (response.status !== 201)
      throw new Error(`POST /v1/consent answered ${response.status}; is --policy the site's?`)
    const mask = purposes.reduce((sum, purpose) => sum + bits[purpose], 0)
    return {
      level: 'granted',
      purposes: mask,
      policy: plan.policy,
      signal: 'choice',
      receipt: response.json('receipt'),
    }
  })
}

/** A batch of 16 events or so, of an exempt visitor where nothing else is said. */
export function sendVisit(consent = exempt, headers = {}, params = {}) {
  const batch = makeBatch(plan, consent)
  countSent(batch.events.length)
  const response = http.post(`${plan.collector}/v1/events`, JSON.stringify(batch), {
    headers: { ...visitorHeaders(), ...headers },
    ...params,
  })
  countAnswer(response, batch.events.length)
}
