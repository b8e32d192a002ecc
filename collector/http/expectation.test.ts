import { connect } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { listenPublic, type PublicListener } from '../../tools/testing/public_listener.ts'
import { sampleAgent, sampleBatch } from '../../tools/testing/sample_batch.ts'

const origin = 'https://www.example.com'
const site = { id: 'shop', origins: [origin], mode: 'exempt', policy: 1, timezone: 'Europe/Bucharest' }

let listener: PublicListener
beforeAll(async () => {
  listener = await listenPublic({ sites: [site] })
})
afterAll(() => listener.close())

const batch = JSON.stringify({
  ...sampleBatch('shop', origin, 1),
  consent: { level: 'exempt', purposes: 0, policy: 1, signal: 'default' },
})

/** All that is answered until the connection ends. */
function speak(path: string, expectation: string, method = 'POST', version = '1.1'): Promise<string> {
  const body = method === 'POST' ? batch : ''
  const head = [
    `${method} ${path} HTTP/${version}`,
    'Host: a',
    'Connection: close',
    `Origin: ${origin}`,
    `User-Agent: ${sampleAgent}`,
    'Content-Type: text/plain',
    `Content-Length: ${Buffer.byteLength(body)}`,
    `Expect: ${expectation}`,
  ]
  return new Promise((resolve, reject) => {
    let received = ''
    const socket = connect(Number(new URL(listener.url).port), '127.0.0.1')
    socket.on('data', chunk => (received += chunk))
    socket.on('error', reject)
    socket.on('close', () => resolve(received))
    socket.write(`${head.join('\r\n')}\r\n\r\n${body}`)
  })
}

const statuses = (answer: string) => answer.match(/(?<=HTTP\/1\.1 )\d{3}/g)?.join(' ')

test.each([
  ['a batch', '/v1/events', '200-ok'],
  ['a choice', '/v1/consent', 'x'],
  ['a path that is not', '/nowhere', '101-continue'],
  ['a page', '/privacy', '1100-continued', 'GET'],
  ['one of HTTP/1.0', '/v1/events', 'x', 'POST', '1.0'],
])(
  '%s that expects what nobody can is refused like any bad request, and counted',
  async (_name, path, expectation, ...more) => {
    const route = path === '/nowhere' ? 'other' : path
    const count = async () => {
      const series = `lightfoot_http_requests_total{route="${route}",status="417"}`
      const line = (await listener.metrics()).split('\n').find(text => text.startsWith(series))
      return Number(line?.slice(series.length) ?? 0)
    }
    const before = [await count(), listener.appended()] as const
    const answer = await speak(path, expectation, ...more)
    expect(statuses(answer)).toBe('417')
    const [head = '', body = ''] = answer.split('\r\n\r\n')
    expect(JSON.parse(body).error.code).toBe('wrong_expectation')
    expect(head).toContain("Content-Security-Policy: default-src 'none'")
    expect(head).toContain('X-Content-Type-Options: nosniff')
    expect([await count(), listener.appended()]).toEqual([before[0] + 1, before[1]])
  },
)

test.each(['100-continue', '100-Continue', 'x, 100-continue'])(
  '%s is told to continue, and taken',
  async expectation => {
    expect(statuses(await speak('/v1/events', expectation))).toBe('100 202')
  },
)
