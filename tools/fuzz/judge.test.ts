// That the fuzz would see what it looks for: answers that are wrong, each in one way.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { plants } from '../testing/plants.ts'
import type { Answer } from './client.ts'
import { readAnswers } from './client.ts'
import { badLines } from './fuzz.ts'
import { createJudge } from './judge.ts'
import { plantSearch, told } from './leaks.ts'
import { wantedOfBody } from './oracle.ts'
import type { FuzzRequest, Wanted } from './request.ts'

const request = (wanted: Wanted): FuzzRequest => ({
  index: 7,
  kind: 'good batch',
  method: 'POST',
  path: '/v1/events',
  headers: {},
  wanted,
})
const raw: FuzzRequest = { index: 7, kind: 'raw bytes', raw: Buffer.from('x'), wanted: { statuses: [] } }
const answer = (status: number, body: string, head = `HTTP/1.1 ${status} X`): Answer => ({
  status,
  head,
  body,
})
const taken = (accepted: number, dropped = {}) => answer(202, JSON.stringify({ accepted, dropped }))
const head = (status: number, ...lines: readonly string[]) =>
  [`HTTP/1.1 ${status} X`, ...lines, 'A: b'].join('\r\n')
const pixel = (status: number, outcome: string) =>
  answer(status, 'GIF', head(status, `Lightfoot-Outcome: ${outcome}`, 'Content-Type: image/gif'))
const error = (message: string, more = {}) =>
  JSON.stringify({ error: { code: 'not_json', message }, ...more })
const secret = plants['e-mail'](3)

type Case = readonly [name: string, FuzzRequest, readonly Answer[], problem: RegExp | undefined]

const batch = request({ statuses: [202], events: 5 })
const broken = request({ statuses: [400] })
const nodes = request({ statuses: [431], isNodes: true })

const cases: readonly Case[] = [
  ['a batch that is taken', batch, [taken(5)], undefined],
  ['a batch of which some is dropped', batch, [taken(2, { bot: 2, late: 1 })], undefined],
  ['a batch of which one is lost', batch, [taken(4)], /4 accepted and 0 dropped of 5/],
  ['a batch that is doubled', batch, [taken(5, { bot: 5 })], /5 accepted and 5 dropped of 5/],
  ['a good batch that is refused', batch, [answer(400, error('No.'))], /answered 400, wanted 202/],
  ['a broken batch that is refused', broken, [answer(400, error('The body is not JSON.'))], undefined],
  ['a broken batch that is taken', broken, [taken(1)], /answered 202, wanted 400/],
  ['a 500', broken, [answer(500, error('Something failed.'))], /answered 500/],
  ['a 503', batch, [answer(503, error('Later.'))], /answered 503/],
  ['a 500 to raw bytes', raw, [taken(0), answer(500, '')], /answered 500/],
  ['no answer', batch, [], /no answer/],
  ['no answer to raw bytes', raw, [], undefined],
  ['no answer to what Node refuses', nodes, [], undefined],
  ['an empty answer of Node', nodes, [answer(431, '')], undefined],
  ['an error of another form', broken, [answer(400, '{"message":"No."}')], /not the form/],
  ['an error with more than that', broken, [answer(400, error('No.', { stack: 'x' }))], /not the form/],
  ['an error that is a page', broken, [answer(400, '<pre>Bad Request</pre>')], /not the form/],
  ['an error that repeats what was sent', broken, [answer(400, error(`No: ${secret}`))], /repeats zqcanary/],
  [
    'an image of the pixel that counted',
    request({ statuses: [200], events: 1 }),
    [pixel(200, 'counted')],
    undefined,
  ],
  ['an image of the pixel that is refused', broken, [pixel(400, 'wrong_parameter')], undefined],
  ['another image', broken, [answer(400, 'GIF', head(400, 'Content-Type: image/gif'))], /not the form/],
  [
    'a header that repeats it',
    batch,
    [answer(202, '{"accepted":5}', `HTTP/1.1 202 X\r\nX-A: ${secret}`)],
    /repeats/,
  ],
]

test.each(cases)('%s', (_name, given, answers, problem) => {
  const { problems } = createJudge(plantSearch())(given, answers)
  if (problem === undefined) expect(problems).toEqual([])
  else expect(problems.join('\n')).toMatch(problem)
})

test('a view that the pixel counted is an accepted event', () => {
  const judge = createJudge(plantSearch())
  const counted = (outcome: string) => judge(request({ statuses: [200] }), [pixel(200, outcome)]).accepted
  expect([counted('counted'), counted('objected')]).toEqual([1, 0])
})

test('the same answer again is searched once, another one again', () => {
  const judge = createJudge(plantSearch())
  const leak = answer(400, error(secret))
  expect(judge(broken, [leak]).problems.length).toBeGreaterThan(0)
  expect(judge(broken, [leak]).problems).toEqual([])
  expect(judge(broken, [answer(400, error(`${secret}!`))]).problems.length).toBeGreaterThan(0)
})

describe('answers are read as they are written', () => {
  const read = (text: string, method?: string) =>
    readAnswers(Buffer.from(text), method).answers.map(({ status, body }) => [status, body])
  const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'
  test.each([
    ['one', ok, 'POST', [[200, 'ok']]],
    ['one that is not there yet', ok.slice(0, -1), 'POST', []],
    ['to a HEAD', ok.slice(0, -2), 'HEAD', [[200, '']]],
    [
      'several',
      ok + ok,
      undefined,
      [
        [200, 'ok'],
        [200, 'ok'],
      ],
    ],
    ['behind an interim one', `HTTP/1.1 100 Continue\r\n\r\n${ok}`, 'POST', [[200, 'ok']]],
    [
      'without a body',
      `HTTP/1.1 204 No Content\r\n\r\n${ok}`,
      undefined,
      [
        [204, ''],
        [200, 'ok'],
      ],
    ],
    [
      'in chunks',
      `HTTP/1.1 400 Bad Request\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${ok}`,
      undefined,
      [
        [400, '0\r\n\r\n'],
        [200, 'ok'],
      ],
    ],
    ['no HTTP', 'hello\r\n\r\n', 'GET', [[0, '']]],
  ])('%s', (_name, text, method, wanted) => {
    expect(read(text, method)).toEqual(wanted)
  })
})

describe('what is looked for at the end', () => {
  const search = plantSearch()

  test('a plant in a file of the data directory', () => {
    const directory = mkdtempSync(join(tmpdir(), 'lightfoot-fuzz-test-'))
    writeFileSync(join(directory, 'segment'), `rows\t${secret}\t/`)
    expect(told(search.directory(directory)).join()).toMatch(/segment: zqcanary/)
    rmSync(directory, { recursive: true })
  })

  test('a plant in the log, and an error in it', () => {
    expect(told(search.text('log', `{"level":30,"url":"${plants.IPv4(9)}"}`)).join()).toMatch(
      /log: 192\.0\.2\./,
    )
    expect(badLines('{"level":30}\n{"level":50,"msg":"public listener"}\n')).toEqual([
      '{"level":50,"msg":"public listener"}',
    ])
  })

  test('eight digits in a row of numbers are chance, and a number as it was planted is not', () => {
    expect(told(search.text('row', '17993141570\t4613018166550719653'))).toEqual([])
    for (const kind of ['phone, international', 'phone, local', 'phone, plain'] as const)
      expect(told(search.text('row', `/p/${plants[kind](1)}/a`)).length, kind).toBeGreaterThan(0)
  })
})

test.each([
  ['no JSON', '{', { statuses: [400] }],
  ['no batch', '{}', { statuses: [400] }],
  ['61 events', JSON.stringify({ events: new Array(61).fill(0) }), { statuses: [413] }],
  ['65 KiB', ' '.repeat(65_537), { statuses: [413] }],
])('the oracle: %s', (_name, body, wanted) => {
  expect(wantedOfBody(Buffer.from(body))).toEqual(wanted)
})
