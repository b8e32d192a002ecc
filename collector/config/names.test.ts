// The small helpers of this room: names of keys, zones and networks.

import { describe, expect, test } from 'vitest'
import { configNotes } from './config_notes.ts'
import { demoConfig } from './demo_config.ts'
import { didYouMean } from './did_you_mean.ts'
import { parseConfig } from './load_config.ts'
import { isLoopback, parseCidr } from './network_names.ts'
import { timezoneProblem } from './timezone_problem.ts'

describe('didYouMean', () => {
  const known = ['id', 'mode', 'origins', 'policy', 'parameters', 'cookieDomain']
  const cases: readonly [typed: string, meant: string | undefined][] = [
    ['mod', 'mode'],
    ['moed', 'mode'],
    ['orgins', 'origins'],
    ['origin', 'origins'],
    ['cookiedomain', 'cookieDomain'],
    ['cookie_domain', 'cookieDomain'],
    ['Policy', 'policy'],
    ['paramters', 'parameters'],
    ['ids', 'id'],
    ['colour', undefined],
    ['x', undefined],
    ['', undefined],
  ]
  test.each(cases)('%j → %s', (typed, meant) => {
    expect(didYouMean(typed, known)).toBe(meant)
  })
})

describe('timezoneProblem', () => {
  const good = [
    'UTC',
    'Europe/Bucharest',
    'Asia/Kolkata',
    'Asia/Calcutta',
    'America/Argentina/Buenos_Aires',
    'America/Port-au-Prince',
    'Etc/GMT+5',
    'EST5EDT',
    'Australia/Lord_Howe',
  ]
  test.each(good)('%s is one', name => {
    expect(timezoneProblem(name)).toBeUndefined()
  })

  const bad: readonly [string, string][] = [
    ['Europe/Bukarest', 'is not an IANA time zone: did you mean "Europe/Bucharest"?'],
    ['europe/bucharest', 'must be written "Europe/Bucharest"'],
    ['utc', 'must be written "UTC"'],
    ['+02:00', 'is not an IANA time zone: write one such as "Europe/Bucharest" or "UTC"'],
    ['Bucharest time', 'is not an IANA time zone: write one such as "Europe/Bucharest" or "UTC"'],
    ['', 'is not an IANA time zone: write one such as "Europe/Bucharest" or "UTC"'],
  ]
  test.each(bad)('%j: %s', (name, problem) => {
    expect(timezoneProblem(name)).toBe(problem)
  })
})

describe('parseCidr', () => {
  const cases: readonly [string, string | undefined][] = [
    ['10.0.0.0/8', '10.0.0.0/8'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['192.0.2.1', '192.0.2.1/32'],
    ['192.0.2.1/32', '192.0.2.1/32'],
    ['192.0.2.1/33', undefined],
    ['192.0.2.1/', undefined],
    ['192.0.2.1/08', '192.0.2.1/8'],
    ['192.0.2.1/8/8', undefined],
    ['192.0.2', undefined],
    ['192.0.2.01', undefined],
    ['::1', '::1/128'],
    ['2001:db8::/32', '2001:db8::/32'],
    ['2001:db8::/129', undefined],
    ['fe80::1%eth0', undefined],
    ['loopback', undefined],
    ['', undefined],
  ]
  test.each(cases)('%j → %s', (text, wanted) => {
    expect(parseCidr(text)).toBe(wanted)
  })
})

test.each([
  ['127.0.0.1', true],
  ['127.255.0.9', true],
  ['[::1]', true],
  ['::ffff:127.0.0.1', true],
  ['localhost', true],
  ['0.0.0.0', false],
  ['::', false],
  ['127.0.0.1.example.com', false],
  ['localhost.example.com', false],
  ['192.168.0.1', false],
])('%s is loopback: %s', (host, wanted) => {
  expect(isLoopback(host)).toBe(wanted)
})

describe('configNotes', () => {
  test('the demo has a note about its minimum only', () => {
    expect(configNotes(demoConfig({ port: 80, timezone: 'UTC' }))).toEqual([
      'sites[0].minimumGroup: 1 shows rows of very few visitors; 10 is the default',
    ])
  })

  test('http and a missing controller', () => {
    const site = { id: 'a', origins: ['https://a.example', 'http://*.b.example'], mode: 'strict', policy: 1 }
    expect(configNotes(parseConfig(JSON.stringify({ sites: [site] }), 'x.json'))).toEqual([
      'sites[0].origins[1]: http://*.b.example is not encrypted: anyone on the way can read what is sent',
      'controller: name and contact are not both given, and /privacy should say who is responsible',
    ])
  })
})
