// Speaks to a running collector as the pages of its demo site would: finds the site, takes receipts, sends batches.

import type { DropCounts } from '../../contract/drop_reasons.ts'
import { type PurposeSet, purposesOf } from '../../contract/purposes.ts'
import { CommandError } from './command_error.ts'
import type { DemoRequest } from './demo_batches.ts'

export type DemoClient = {
  /** The demo site's policy version, as its pages name it. Throws CommandError where there is no demo. */
  policy(): Promise<number>
  /** Grants, as the banner would, and returns the receipt. */
  receipt(purposes: PurposeSet, policy: number): Promise<string>
  send(request: DemoRequest): Promise<Answer>
}

export type Answer = { readonly accepted: number; readonly dropped: DropCounts }

/** A collector that is busy is asked again this often, after at most so long. */
const retriesMax = 5
const retrySecondsMax = 5

/** `origin` is the collector's public listener: `http://127.0.0.1:8080`. */
export function demoClient(origin: string): DemoClient {
  const noDemo = new CommandError(`${origin} serves no demo site: start it with "lightfoot serve --demo"`)

  async function ask(path: string, init: RequestInit): Promise<Response> {
    for (let retry = 0; ; retry++) {
      const response = await fetch(origin + path, init).catch(() => {
        throw new CommandError(`nothing answers at ${origin}: start it with "lightfoot serve --demo"`)
      })
      if (![429, 503].includes(response.status) || retry === retriesMax) return response
      await response.arrayBuffer()
      const seconds = Math.min(Number(response.headers.get('retry-after')) || 1, retrySecondsMax)
      await new Promise(resolve => setTimeout(resolve, seconds * 1000))
    }
  }

  const post = (path: string, body: unknown, headers: Readonly<Record<string, string>> = {}) =>
    ask(path, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { ...headers, 'Content-Type': 'text/plain', Origin: origin },
    })

  return {
    async policy() {
      const page = await (await ask('/demo/', {})).text()
      const snippet = /<script[^>]*data-site="demo"[^>]*>/.exec(page)?.[0]
      const policy = /data-policy="(\d+)"/.exec(snippet ?? '')?.[1]
      if (policy === undefined) throw noDemo
      return Number(policy)
    },
    async receipt(purposes, policy) {
      const choice = {
        site: 'demo',
        policy,
        choice: 'grant',
        purposes: purposesOf(purposes),
        source: 'banner',
      }
      const response = await post('/v1/consent', choice)
      if (response.status === 403) throw noDemo
      return ((await answerOf(response, 201)) as { receipt: string }).receipt
    },
    async send({ batch, headers }) {
      return (await answerOf(await post('/v1/events', batch, headers), 202)) as Answer
    },
  }
}

async function answerOf(response: Response, wanted: number): Promise<unknown> {
  const body = await response.text()
  if (response.status !== wanted)
    throw new CommandError(`the collector answered ${response.status}: ${body.slice(0, 200)}`)
  return JSON.parse(body)
}
