import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { Server } from 'node:http'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { demoConfig } from '../config/demo_config.ts'
import { closeServer, httpServer, listen } from '../serve/http_server.ts'
import { privateApp } from './private_app.ts'
import type { PrivateParts } from './private_parts.ts'

const marker = 'canary-91c2'
const token = 'a-token-of-the-operator'
const folder = mkdtempSync(join(tmpdir(), 'lightfoot-private-'))
writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Lightfoot</title>')

const parts: PrivateParts = {
  config: () => demoConfig({ port: 8080, timezone: 'Europe/Bucharest' }),
  now: Date.now,
  database: () => undefined,
  lagSeconds: () => null,
  status: async () => ({ version: '0' }),
  metrics: async () => 'lightfoot_x 1\n',
  publicUrl: 'http://127.0.0.1:8080',
  tracker: new Map(),
  dashboardDirectory: folder,
  token: undefined,
  host: '127.0.0.1',
  logError: () => {},
}

const servers: Server[] = []
let open: number
let guarded: number

beforeAll(async () => {
  const start = async (given: PrivateParts) => {
    const server = httpServer(privateApp(given))
    servers.push(server)
    return listen(server, 0, '127.0.0.1')
  }
  open = await start(parts)
  guarded = await start({ ...parts, token })
})
afterAll(async () => {
  await Promise.all(servers.map(server => closeServer(server, 0)))
  rmSync(folder, { recursive: true })
})

type Answer = { status: number; body: string; headers: Record<string, unknown> }

/** By node:http, because fetch does not let a Host be named. */
function ask(
  port: number,
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
  body = '',
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, method, headers }, response => {
      let text = ''
      response.on('data', chunk => {
        text += chunk
      })
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body: text, headers: response.headers }),
      )
    })
    asked.on('error', reject)
    asked.end(body)
  })
}

test('what expects more than can be met is refused with the headers of all answers', async () => {
  const { status, body, headers } = await ask(open, '/api/sites', { expect: 'x' })
  expect([status, JSON.parse(body).error.code]).toEqual([417, 'wrong_expectation'])
  expect(headers['content-security-policy']).toContain("default-src 'none'")
})

describe('who may ask', () => {
  test.each<[string, string, Record<string, string>, number]>([
    ['by address', '/api/sites', {}, 200],
    ['by localhost', '/api/sites', { host: 'localhost:8081' }, 200],
    ['by a name that was pointed here', '/api/sites', { host: `${marker}.example:8081` }, 403],
    ['the page itself by such a name', '/', { host: `${marker}.example` }, 403],
    ['the dashboard', '/api/sites', { 'sec-fetch-site': 'same-origin' }, 200],
    ['a page of another site', '/api/sites', { 'sec-fetch-site': 'cross-site' }, 403],
    ['a page of another port', '/metrics', { 'sec-fetch-site': 'same-site' }, 403],
  ])('without a token: %s', async (_name, path, headers, status) => {
    const answer = await ask(open, path, headers)
    expect(answer.status).toBe(status)
    expect(answer.body).not.toContain(marker)
  })

  test.each<[string, string, Record<string, string>, number]>([
    ['nobody', '/api/sites', {}, 401],
    ['nobody, metrics', '/metrics', {}, 401],
    ['nobody, in capitals', '/API/sites', {}, 401],
    ['nobody, with a slash', '/metrics/', {}, 401],
    ['nobody, written in another way', '//api/sites', {}, 401],
    ['nobody, encoded', '/%61pi/sites', {}, 401],
    ['nobody, a path that does not exist', '/nothing', {}, 401],
    ['the page, which asks for it', '/', {}, 200],
    ['a wrong token', '/api/sites', { authorization: `Bearer ${marker}` }, 401],
    ['a beginning of it', '/api/sites', { authorization: `Bearer ${token.slice(0, -1)}` }, 401],
    ['another scheme', '/api/sites', { authorization: `Basic ${token}` }, 401],
    ['the token', '/api/sites', { authorization: `Bearer ${token}`, host: 'stats.example.com' }, 200],
    ['the token for metrics', '/metrics', { authorization: `bearer ${token}` }, 200],
  ])('with a token: %s', async (_name, path, headers, status) => {
    const answer = await ask(guarded, path, headers)
    expect(answer.status).toBe(status)
    expect(answer.body).not.toContain(marker)
  })
})

test.each(['/healthz', '/readyz'])('%s needs no token; it is ready once the database is open', async path => {
  const answer = await ask(guarded, path, { host: 'stats.example.com' })
  expect([answer.status, JSON.parse(answer.body)]).toEqual(
    path === '/healthz' ? [200, { status: 'alive' }] : [503, { status: 'not ready', lagSeconds: null }],
  )
})

describe('what is answered', () => {
  test.each<[string, number, string]>([
    ['/api/reports/nothing', 404, 'unknown_report'],
    ['/api/reports/__proto__', 404, 'unknown_report'],
    ['/api/reports/totals?site=nobody', 400, 'wrong_parameter'],
    ['/api/reports/totals?from=2026-02-30', 400, 'wrong_parameter'],
    ['/api/reports/totals?from=2026-02-03&to=2026-02-01', 400, 'wrong_parameter'],
    ['/api/reports/totals?format=xls', 400, 'wrong_parameter'],
    ['/api/reports/totals', 503, 'engine_away'],
    ['/api/migrations', 503, 'engine_away'],
    ['/api/snippet?site=nobody', 400, 'wrong_parameter'],
    ['/api/snippet?site=demo&collector=stats.example.com', 400, 'wrong_parameter'],
    [`/nothing/${marker}`, 404, 'not_found'],
    [`/%ff${marker}`, 404, 'not_found'],
    [`/api/reports/%ff${marker}`, 400, 'bad_request'],
  ])('GET %s: %i', async (path, status, code) => {
    const answer = await ask(open, path)
    expect(answer.status).toBe(status)
    expect(JSON.parse(answer.body).error.code).toBe(code)
    expect(answer.body).not.toContain(marker)
  })

  test('the page is served under a policy that lets it load its own files only', async () => {
    const { headers, body } = await ask(open, '/')
    expect(body).toContain('Lightfoot')
    expect(headers['content-security-policy']).toContain("default-src 'none';script-src 'self'")
    expect(headers['x-powered-by']).toBeUndefined()
  })

  test('the snippet of a site', async () => {
    const { snippet } = JSON.parse((await ask(open, '/api/snippet?site=demo')).body)
    expect(snippet).toBe(
      '<script defer src="http://127.0.0.1:8080/lightfoot.js" data-site="demo" data-mode="exempt" data-policy="1" data-search="q" data-parameters="page"></script>',
    )
    const elsewhere = '/api/snippet?site=demo&collector=https://stats.example.com/path'
    expect(JSON.parse((await ask(open, elsewhere)).body)).toMatchObject({
      collector: 'https://stats.example.com',
      snippet: expect.stringContaining(' src="https://stats.example.com/lightfoot.js" '),
    })
    expect(JSON.parse((await ask(open, `${elsewhere}&core=1`)).body).snippet).toContain(
      ' src="https://stats.example.com/lightfoot.core.js" data-site="demo" ',
    )
  })

  test('folding needs JSON, so that no form of another site can ask for it', async () => {
    const days = JSON.stringify({ from: '2026-01-01', to: '2026-01-02' })
    expect((await ask(open, '/api/fold', { 'content-type': 'text/plain' }, 'POST', days)).status).toBe(415)
    expect((await ask(open, '/api/fold', { 'content-type': 'application/json' }, 'POST', '{}')).status).toBe(
      400,
    )
    expect((await ask(open, '/api/fold', { 'content-type': 'application/json' }, 'POST', days)).status).toBe(
      503,
    )
  })
})
