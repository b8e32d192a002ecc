// Bytes of requests, good and bad, as the abuses send them.

import { gzipSync } from 'node:zlib'
import type { Batch, BatchConsent, Event } from '../../../contract/events.ts'
import { allPurposes, purposesOf } from '../../../contract/purposes.ts'
import { sampleAgent, sampleBatch } from '../../testing/sample_batch.ts'

export const origin = 'https://www.example.com'
/** A site of its own, so that what abuses get stored is not counted with the honest. */
export const abusedSite = 'abused'

export const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`

/** The head of a POST of events, up to and with the empty line. */
export function postHead(...headers: readonly string[]): string {
  const usual = ['Host: a', `Origin: ${origin}`, 'Content-Type: text/plain', `User-Agent: ${sampleAgent}`]
  return `POST /v1/events HTTP/1.1\r\n${[...usual, ...headers].join('\r\n')}\r\n\r\n`
}

export function post(body: string | Buffer, ...headers: readonly string[]): Buffer {
  const bytes = Buffer.from(body)
  return Buffer.concat([Buffer.from(postHead(`Content-Length: ${bytes.length}`, ...headers)), bytes])
}

/** A good batch of the abused site; each call another. */
export function goodPost(): Buffer {
  return post(JSON.stringify(sampleBatch(abusedSite, origin)))
}

/** Made when it is wanted and kept: every abuse is a process of its own, and most need no bomb, which takes 120 ms of processor. */
function once(make: () => Buffer): () => Buffer {
  let made: Buffer | undefined
  return () => {
    made ??= make()
    return made
  }
}

/** 64 KiB of gzip that are 64 MB of zeros. */
export const bomb = once(() => gzipSync(Buffer.alloc(64_000_000), { level: 9 }))
/** Gzip within gzip within gzip: what comes out first is small, and no JSON. */
export const nestedBomb = once(() => gzipSync(gzipSync(bomb())))
/** As many empty members as fit: each begins a new stream. */
export const emptyMembers = once(() => Buffer.concat(new Array(3200).fill(gzipSync(Buffer.alloc(0)))))

/** Valid, and as much work as 64 KiB can make: 60 events, all of them text that the scrub has to look at. */
export function hardestBatch(consent: BatchConsent): Batch {
  const events = Array.from({ length: 60 }, (_, seq): Event => {
    const referrer = `https://other.example/${nearlyPersonal(650, seq)}`
    return { type: 'pageview', page: 0, seq, at: 10 + seq, referrer, title: nearlyPersonal(290, seq + 3) }
  })
  return { ...sampleBatch(abusedSite, origin), consent, events }
}

/** What begins like a person's data and goes on otherwise, so that every pattern starts and none of them is soon done. */
function nearlyPersonal(length: number, turn: number): string {
  const words = [
    'a.b@',
    '%2540x',
    '+40 799 31',
    '1.2.3.',
    '::ffff:',
    'eyJhbG.',
    'token=',
    'Zq9xT4kW7vB2',
    '@@',
    '0-7-',
  ]
  const rest = Array.from({ length }, (_, n) => words[(n * (1 + (turn % 7)) + turn) % words.length])
  return rest.join('').slice(0, length)
}

/** A grant of all purposes for the abused site, as a banner would ask for it. */
export async function grantAll(url: string): Promise<BatchConsent> {
  const choice = { site: abusedSite, policy: 1, choice: 'grant', purposes: purposesOf(allPurposes) }
  const headers = { origin, 'content-type': 'text/plain' }
  const answer = await fetch(`${url}/v1/consent`, { method: 'POST', headers, body: JSON.stringify(choice) })
  const { receipt } = (await answer.json()) as { receipt: string }
  return { level: 'granted', purposes: allPurposes, policy: 1, signal: 'choice', receipt }
}
