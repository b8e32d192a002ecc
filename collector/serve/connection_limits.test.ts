// The limits of number on real sockets, with bounds small enough to reach. What they keep the product from is measured by
// tools/faults/abuse.test.ts.

import { connect, type Socket } from 'node:net'
import express, { type Express } from 'express'
import { afterEach, describe, expect, test } from 'vitest'
import { waitUntil } from '../../tools/testing/wait_until.ts'
import type { CutReason } from './connection_limits.ts'
import { closeServer, type HttpLimits, httpServer, listen } from './http_server.ts'
import { openFilesMax } from './open_files.ts'

let close: (() => Promise<void>) | undefined
afterEach(async () => {
  await close?.()
  close = undefined
})

type Opened = { port: number; cuts: CutReason[]; answer(): void; made(): number }

/** `/now` is answered at once, `/large` with 4 MiB, `/later` when the test says so. */
async function open(limits: Partial<HttpLimits>): Promise<Opened> {
  const app: Express = express()
  const later: (() => void)[] = []
  app.get('/now', (_request, response) => void response.end('now'))
  app.get('/large', (_request, response) => void response.end('x'.repeat(4 * 1024 * 1024)))
  app.get('/later', (_request, response) => void later.push(() => response.end('later')))
  const cuts: CutReason[] = []
  const server = httpServer(app, limits, reason => cuts.push(reason))
  const port = await listen(server, 0, '127.0.0.1')
  close = () => closeServer(server, 0)
  let made = 0
  server.on('request', () => made++)
  return { port, cuts, answer: () => later.splice(0).forEach(end => void end()), made: () => made }
}

type Client = { socket: Socket; received(): string; isClosed(): boolean }

function client(port: number, reads = true): Promise<Client> {
  return new Promise((resolve, reject) => {
    let received = ''
    let isClosed = false
    const socket = connect(port, '127.0.0.1', () =>
      resolve({ socket, received: () => received, isClosed: () => isClosed }),
    )
    if (reads) socket.on('data', chunk => (received += chunk))
    socket.on('error', reject)
    socket.on('close', () => {
      isClosed = true
    })
  })
}

const ask = (path: string) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`
const answers = (text: string) => text.split('HTTP/1.1 200').length - 1

describe('more connections than there may be', () => {
  test('who was never served goes, the oldest first, and who asks is answered', async () => {
    const { port, cuts } = await open({ connectionsMax: 5 })
    const kept = await client(port)
    kept.socket.write(ask('/now'))
    await waitUntil('an answer', () => answers(kept.received()) === 1)
    const silent: Client[] = []
    for (let n = 0; n < 8; n++) silent.push(await client(port))
    await waitUntil('four are cut', () => cuts.length === 4)
    await waitUntil('they know', () => silent.filter(({ isClosed }) => isClosed()).length === 4)
    expect(silent.map(({ isClosed }) => isClosed())).toEqual([
      true,
      true,
      true,
      true,
      ...Array(4).fill(false),
    ])
    kept.socket.write(ask('/now'))
    await waitUntil('a second answer', () => answers(kept.received()) === 2)
    expect(new Set(cuts)).toEqual(new Set(['connections']))
  })

  test('also where all of them have been served', async () => {
    const { port, cuts } = await open({ connectionsMax: 40 })
    const served = async () => {
      const each = await client(port)
      each.socket.write(ask('/now'))
      await waitUntil('an answer', () => answers(each.received()) === 1)
    }
    await Promise.all(Array.from({ length: 40 }, served))
    for (let n = 0; n < 5; n++) await served()
    expect(cuts).toEqual(Array(5).fill('connections'))
  })
})

describe('requests in a row', () => {
  test('up to the bound all are answered, and the connection stays', async () => {
    const { port, cuts } = await open({ pipelinedMax: 20 })
    const { socket, received, isClosed } = await client(port)
    for (let round = 1; round <= 3; round++) {
      socket.write(ask('/now').repeat(20))
      await waitUntil('all answers', () => answers(received()) === 20 * round)
    }
    expect(isClosed()).toBe(false)
    expect(cuts).toEqual([])
  })

  test('past it the first are answered, the rest is not taken, and the connection is closed', async () => {
    const { port, cuts } = await open({ pipelinedMax: 20 })
    const { socket, received, isClosed } = await client(port)
    socket.write(ask('/now').repeat(21))
    await waitUntil('the end', isClosed)
    expect(answers(received())).toBe(20)
    expect(cuts).toEqual(['pipelined'])
  })

  test.each(['100-continue', 'x'])('also those that expect %s', async expectation => {
    const { port, cuts } = await open({ pipelinedMax: 20 })
    const { socket, received, isClosed } = await client(port)
    socket.write(`GET /now HTTP/1.1\r\nHost: a\r\nExpect: ${expectation}\r\n\r\n`.repeat(21))
    await waitUntil('the end', isClosed)
    expect(answers(received())).toBe(20)
    expect(cuts).toEqual(['pipelined'])
  })

  test('the same where the answers come later', async () => {
    const { port, cuts, answer, made } = await open({ pipelinedMax: 20 })
    const { socket, received, isClosed } = await client(port)
    socket.write(ask('/later').repeat(300))
    await waitUntil('the bound', () => cuts.length === 1)
    expect(received()).toBe('')
    expect(made()).toBeLessThanOrEqual(22)
    answer()
    await waitUntil('the end', isClosed)
    expect(answers(received())).toBe(20)
  })
})

test('more requests without an answer than there may be: who waits longest goes', async () => {
  const { port, cuts, answer } = await open({ unansweredMax: 6 })
  const first = await client(port)
  first.socket.write(ask('/later').repeat(4))
  const second = await client(port)
  second.socket.write(ask('/later').repeat(2))
  const third = await client(port)
  third.socket.write(ask('/later').repeat(4))
  await waitUntil('the first is cut', first.isClosed)
  expect(cuts).toEqual(['unanswered'])
  answer()
  await waitUntil('the others are answered', () => answers(second.received() + third.received()) === 6)
  // What the first one held is free again.
  third.socket.write(ask('/later').repeat(6))
  second.socket.write(ask('/now'))
  await waitUntil('one too many again', () => cuts.length === 2)
})

test('an answer that is not read ends the connection after a while', async () => {
  const { port } = await open({ stillMs: 300 })
  const { socket, isClosed } = await client(port, false)
  socket.pause()
  socket.on('error', () => {})
  socket.write(ask('/large').repeat(8))
  const next = await client(port)
  next.socket.write(ask('/now'))
  await waitUntil('an answer to another', () => answers(next.received()) === 1)
  await new Promise(resolve => setTimeout(resolve, 1000))
  socket.resume()
  await waitUntil('the end', isClosed)
  expect(socket.bytesRead).toBeLessThan(8 * 4 * 1024 * 1024)
})

test.each([
  ['the soft limit', 'Max cpu time  unlimited\nMax open files            20000  524288  files\n', 20_000],
  ['none', 'Max open files            unlimited            unlimited            files\n', Infinity],
  ['nothing is said', '', 1024],
])('open files: %s', (_name, text, wanted) => {
  expect(openFilesMax(() => text)).toBe(wanted)
})
