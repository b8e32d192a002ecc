// What a client can do to a collector over raw sockets, each for a while. abuser.ts runs one of them in a process of its
// own; abuse.test.ts says what each may cost.

import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { answered, type Crowd, createCrowd, every, type Tally } from './crowd.ts'
import {
  bomb,
  emptyMembers,
  get,
  goodPost,
  grantAll,
  hardestBatch,
  nestedBomb,
  post,
  postHead,
} from './requests.ts'

/** Until `untilMs` of performance.now. */
type Abuse = (crowd: Crowd, untilMs: number) => Promise<void>

const announced = postHead('Content-Length: 65536')
const chunked = postHead('Transfer-Encoding: chunked')
const gzip = 'Content-Encoding: gzip'

export const abuses = {
  'slow heads': slowly(500, 'POST /v1/events HTTP/1.1\r\nHost: a\r\nX: ', 100),
  'slow bodies': slowly(500, announced, 1000),
  'bodies announced and never sent': held(2000, announced),
  'bodies without their last byte': held(1500, announced + 'x'.repeat(65_535)),
  'connections that are half closed': held(1000, announced, socket => void socket.end('x')),
  'more idle connections than there may be': held(11_000, ''),
  '5,000 idle connections after a request': held(5000, get('/healthz')),
  'connections that come and go': repeated(200, () => '', resetAll),
  'senders that do not wait for the answer': repeated(20, goodPost, resetAll),
  '1,000 good batches in one write': repeated(5, () =>
    Buffer.concat(Array.from({ length: 1000 }, () => goodPost())),
  ),
  '1,000 requests in one write': repeated(20, () => get('/nothing').repeat(1000)),
  'answers that are never read': async (crowd, untilMs) => {
    await crowd.open(100, get('/privacy').repeat(4000), false)
    await until(untilMs)
  },
  'junk after a good request': repeated(50, () => Buffer.concat([goodPost(), junk])),
  'heads of 17 KB': repeated(50, () => `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(17_000)}\r\n\r\n`),
  'heads of 1,500 lines': repeated(50, () => `GET / HTTP/1.1\r\nHost: a\r\n${'X: 1\r\n'.repeat(1500)}\r\n`),
  'half heads of 15 KB': held(3000, `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(15_000)}`),
  'bodies without length or end': async (crowd, untilMs) => {
    const chunk = `4000\r\n${'x'.repeat(16_384)}\r\n`
    while (performance.now() < untilMs) {
      const sockets = await crowd.open(20, chunked)
      await every(sockets, 1, Math.min(untilMs, performance.now() + 300), socket => {
        if (!socket.writableNeedDrain) socket.write(chunk)
      })
      resetAll(sockets)
    }
  },
  'chunks of one byte': repeated(10, () => `${chunked}${'1\r\nx\r\n'.repeat(65_000)}`),
  'gzip bombs': repeated(50, () => post(bomb(), gzip)),
  'gzip in gzip': repeated(50, () => post(nestedBomb(), gzip)),
  'gzip of 3,200 empty members': repeated(10, () => post(emptyMembers(), gzip)),
  'deep JSON': repeated(20, () => post('['.repeat(65_000))),
  'the hardest batches': async (crowd, untilMs) => {
    const consent = await grantAll(`http://127.0.0.1:${crowd.port}`)
    await repeated(10, () => post(JSON.stringify(hardestBatch(consent))))(crowd, untilMs)
  },
} satisfies Record<string, Abuse>

const junk = Buffer.from('\0\xff junk\r\n\r\n'.repeat(500), 'latin1')

export type AbuseName = keyof typeof abuses

export function isAbuseName(name: string): name is AbuseName {
  return Object.hasOwn(abuses, name)
}

export async function abuse(name: AbuseName, port: number, ms: number): Promise<Tally> {
  const crowd = createCrowd(port)
  await abuses[name](crowd, performance.now() + ms)
  return crowd.tally
}

/** A byte each, with a pause after it, so that nothing is ever complete. */
function slowly(count: number, first: string, pauseMs: number): Abuse {
  return async (crowd, untilMs) => {
    const sockets = await crowd.open(count, first)
    await every(sockets, pauseMs, untilMs, socket => void socket.write('x'))
  }
}

/** Opens them, and keeps them as they are until the collector has ended all of them. A client that vanishes without a word looks like this from here. */
function held(count: number, first: string, then: (socket: Socket) => void = () => {}): Abuse {
  return async (crowd, untilMs) => {
    const sockets = await crowd.open(count, first)
    for (const socket of sockets) then(socket)
    while (performance.now() < untilMs && sockets.some(socket => !socket.destroyed)) await sleep(50)
  }
}

/** So many new connections at once, each one request; when they are answered they go, and others come. Once at least. */
function repeated(
  count: number,
  first: () => string | Buffer,
  then: (sockets: readonly Socket[]) => Promise<void> | void = answered,
): Abuse {
  return async (crowd, untilMs) => {
    do {
      const sockets = await crowd.open(count, first())
      await then(sockets)
      resetAll(sockets)
    } while (performance.now() < untilMs)
  }
}

function resetAll(sockets: readonly Socket[]): void {
  for (const socket of sockets) socket.resetAndDestroy()
}

function until(untilMs: number): Promise<void> {
  return sleep(Math.max(0, untilMs - performance.now()))
}
