// Every way in which lightfoot.json can be wrong, and the one line that a person reads.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { ConfigError } from './config.ts'
import { loadConfig, loadConfigIfPresent, parseConfig } from './load_config.ts'

type Json = Record<string, unknown>

const file = resolve('lightfoot.json')
const shop = { id: 'shop', origins: ['https://www.example.com'], mode: 'exempt', policy: 1 }

/** The line for a configuration, '' when it is good. */
function lineFor(config: unknown): string {
  return lineForText(JSON.stringify(config))
}

function lineForText(text: string): string {
  try {
    parseConfig(text, file)
    return ''
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError)
    const { message } = error as ConfigError
    expect(message).not.toContain('\n')
    return message.replace(/^lightfoot\.json: /, '')
  }
}

function withSite(changes: Json): Json {
  return { sites: [{ ...shop, ...changes }] }
}

function without(key: keyof typeof shop): Json {
  const { [key]: _left, ...rest } = shop
  return { sites: [rest] }
}

test('the four required keys are enough, and everything else has a default', () => {
  expect(parseConfig(JSON.stringify({ sites: [shop] }), file)).toEqual({
    controller: { name: '', contact: '' },
    sites: [
      {
        id: 'shop',
        name: 'shop',
        origins: ['https://www.example.com'],
        mode: 'exempt',
        policy: 1,
        timezone: 'UTC',
        region: '',
        gpc: 'refuse',
        parameters: [],
        search: { parameters: [] },
        groups: [],
        sensitive: [],
        cookieDomain: '',
        events: [],
        numbers: [],
        goals: [],
        funnels: [],
        retention: { exemptDays: 30, grantedDays: 90, rollupMonths: 25 },
        minimumGroup: 10,
      },
    ],
    recipients: [],
  })
})

test('a complete configuration comes through as it is written', () => {
  const site = {
    id: 'shop',
    name: 'Example shop',
    origins: ['https://www.example.com', 'https://*.example.com', 'http://www.example.com:8000'],
    mode: 'strict',
    policy: 3,
    timezone: 'Europe/Bucharest',
    region: 'eea',
    gpc: 'objection',
    tcf: { purposes: { 8: ['statistics', 'behaviour'] }, custom: { 1: ['identity'] } },
    parameters: ['page'],
    search: { parameters: ['q'] },
    groups: [{ name: 'Order', path: '/order/*' }],
    sensitive: ['/health/*'],
    cookieDomain: 'example.com',
    events: ['signed up'],
    numbers: ['+40213000000'],
    goals: [
      { name: 'Signed up', path: '/welcome' },
      { name: 'Paid', event: 'paid' },
    ],
    funnels: [],
    retention: { exemptDays: 7, grantedDays: 395, rollupMonths: 12 },
    minimumGroup: 1,
  }
  const written = {
    $schema: './node_modules/lightfoot/lightfoot.schema.json',
    controller: { name: 'Example Ltd', contact: 'privacy@example.com' },
    sites: [site],
    recipients: [],
  }
  const { $schema: _forEditors, ...wanted } = written
  expect(parseConfig(`\uFEFF${JSON.stringify(written)}`, file)).toEqual(wanted)
})

test('half a retention is filled up, and origins come out as browsers write them', () => {
  const config = parseConfig(
    JSON.stringify(withSite({ retention: { exemptDays: 14 }, origins: ['HTTPS://WWW.Example.com:443'] })),
    file,
  )
  expect(config.sites[0]).toMatchObject({
    retention: { exemptDays: 14, grantedDays: 90, rollupMonths: 25 },
    origins: ['https://www.example.com'],
  })
})

const modes = 'write "strict" (nothing without consent) or "exempt" (anonymous audience measurement)'
const lines: readonly [name: string, config: unknown, wanted: string][] = [
  ['no mode', without('mode'), `sites[0].mode is missing: ${modes}`],
  ['another mode', withSite({ mode: 'open' }), `sites[0].mode is not a mode: ${modes}`],
  ['no id', without('id'), 'sites[0].id is missing: give the site a short id, such as "shop"'],
  [
    'no origins',
    without('origins'),
    'sites[0].origins is missing: list the origins of the site\'s pages: ["https://www.example.com"]',
  ],
  [
    'no policy',
    without('policy'),
    'sites[0].policy is missing: write the version of your privacy policy, starting with 1',
  ],
  [
    'two things missing',
    { sites: [{ origins: shop.origins, policy: 1 }] },
    'sites[0].id is missing: give the site a short id, such as "shop" (and 1 more)',
  ],
  [
    'a mistyped key goes first',
    { sites: [{ ...shop, mode: undefined, mod: 'strict' }] },
    'sites[0].mod is not a known key: did you mean "mode"? (and 1 more)',
  ],
  [
    'a mistyped key at the top',
    { sites: [shop], controler: {} },
    'controler is not a known key: did you mean "controller"?',
  ],
  [
    'a mistyped key within',
    withSite({ retention: { exemptdays: 30 } }),
    'sites[0].retention.exemptdays is not a known key: did you mean "exemptDays"?',
  ],
  [
    'an unknown key',
    withSite({ search: { colour: 1 } }),
    'sites[0].search.colour is not a known key: write one of parameters',
  ],
  ['no sites', {}, 'sites is missing: list at least one site; "lightfoot init" writes one'],
  ['an empty list of sites', { sites: [] }, 'sites must hold at least one site; "lightfoot init" writes one'],
  ['sites as an object', { sites: { shop } }, 'sites must be a list [ … ] of sites'],
  ['a site as text', { sites: ['shop'] }, 'sites[0] must be an object { … }'],
  ['a list', [], 'the file must be an object { … }'],
  ['null', null, 'the file must be an object { … }'],
  [
    'id in capitals',
    withSite({ id: 'Shop' }),
    'sites[0].id must be 1 to 32 of a–z, 0–9, "-" and "_", beginning with a letter or a digit: "shop"',
  ],
  [
    'id of 33',
    withSite({ id: 'x'.repeat(33) }),
    'sites[0].id must be 1 to 32 of a–z, 0–9, "-" and "_", beginning with a letter or a digit: "shop"',
  ],
  ['id of 32', withSite({ id: 'x'.repeat(32) }), ''],
  [
    'the same id twice',
    { sites: [shop, { ...shop, id: 'other' }, shop] },
    'sites[2].id is the id of sites[0] too: give each site its own',
  ],
  [
    'an empty list of origins',
    withSite({ origins: [] }),
    'sites[0].origins must name at least one origin: ["https://www.example.com"]',
  ],
  [
    'origins as text',
    withSite({ origins: 'https://example.com' }),
    'sites[0].origins must be a list of origins: ["https://www.example.com"]',
  ],
  [
    'an origin with a slash',
    withSite({ origins: ['https://a.example', 'https://www.example.com/'] }),
    'sites[0].origins[1] must hold nothing after the host: write "https://www.example.com"',
  ],
  [
    'an origin as a number',
    withSite({ origins: [1] }),
    'sites[0].origins[0] must be an origin in quotes: "https://www.example.com"',
  ],
  ['policy 0', withSite({ policy: 0 }), 'sites[0].policy must be a whole number from 1 to 65535'],
  ['policy 65536', withSite({ policy: 65_536 }), 'sites[0].policy must be a whole number from 1 to 65535'],
  ['policy in quotes', withSite({ policy: '1' }), 'sites[0].policy must be a whole number from 1 to 65535'],
  [
    'a zone that is none',
    withSite({ timezone: 'Europe/Bukarest' }),
    'sites[0].timezone is not an IANA time zone: did you mean "Europe/Bucharest"?',
  ],
  [
    'gpc',
    withSite({ gpc: 'ignore' }),
    'sites[0].gpc is not known: write "refuse" (they refuse identity, campaigns and disclosure) or "objection"',
  ],
  [
    'a map of no numbers',
    withSite({ tcf: {} }),
    'sites[0].tcf must map at least one number: {"purposes": {"8": ["statistics"]}}',
  ],
  ...['0', '25', 'x', '1.5'].map((number): [string, unknown, string] => [
    `a purpose of TCF numbered ${number}`,
    withSite({ tcf: { purposes: { [number]: ['statistics'] } } }),
    `sites[0].tcf.purposes.${number} is not the number of a purpose, 1 to 24`,
  ]),
  [
    'consents of TCF as a list',
    withSite({ tcf: { purposes: ['statistics'] } }),
    'sites[0].tcf.purposes must be an object of numbers and purposes: {"8": ["statistics"]}',
  ],
  [
    'a consent of TCF to what is no purpose',
    withSite({ tcf: { custom: { 1: ['stats'] } } }),
    'sites[0].tcf.custom.1[0] is not a purpose: write some of statistics, behaviour, performance, identity, campaigns, calls, disclosure',
  ],
  [
    'a pattern without a slash',
    withSite({ sensitive: ['health/*'] }),
    'sites[0].sensitive[0] must be a path that begins with "/", without "?" or "#"; "*" stands for anything: "/order/*"',
  ],
  [
    'a pattern with a query',
    withSite({ groups: [{ name: 'x', path: '/a?b' }] }),
    'sites[0].groups[0].path must be a path that begins with "/", without "?" or "#"; "*" stands for anything: "/order/*"',
  ],
  [
    'a group without a name',
    withSite({ groups: [{ path: '/a' }] }),
    'sites[0].groups[0].name must be a text of 1 to 100 characters',
  ],
  [
    'a goal of nothing',
    withSite({ goals: [{ name: 'x' }] }),
    'sites[0].goals[0] must have either "path" or "event": {"name": "Signed up", "path": "/welcome"}',
  ],
  [
    'a goal of both',
    withSite({ goals: [{ name: 'x', path: '/a', event: 'b' }] }),
    'sites[0].goals[0] must have either "path" or "event": {"name": "Signed up", "path": "/welcome"}',
  ],
  [
    'a cookie domain with a dot',
    withSite({ cookieDomain: '.example.com' }),
    'sites[0].cookieDomain must be a domain without scheme or leading dot: "example.com"',
  ],
  [
    'a cookie domain of somebody else',
    withSite({ cookieDomain: 'exmple.com' }),
    'sites[0].cookieDomain must be a domain that every origin is in, and https://www.example.com is not: correct it or leave it out',
  ],
  [
    'a cookie domain that is only an ending',
    withSite({ cookieDomain: 'ample.com' }),
    'sites[0].cookieDomain must be a domain that every origin is in, and https://www.example.com is not: correct it or leave it out',
  ],
  [
    'a cookie domain of a wildcard',
    withSite({ cookieDomain: 'example.com', origins: ['https://*.example.com', 'https://example.com'] }),
    '',
  ],
  [
    'a local phone number',
    withSite({ numbers: ['021 300 00 00'] }),
    'sites[0].numbers[0] must be a phone number with its country code and digits only: "+40213000000"',
  ],
  [
    'six days',
    withSite({ retention: { exemptDays: 6 } }),
    'sites[0].retention.exemptDays must be a whole number from 7 to 395',
  ],
  [
    'minimum group 0',
    withSite({ minimumGroup: 0 }),
    'sites[0].minimumGroup must be a whole number from 1 to 10000',
  ],
  [
    'recipients',
    { sites: [shop], recipients: [{ name: 'x' }] },
    'recipients must be an empty list: this version knows no recipients',
  ],
  [
    'funnels',
    withSite({ funnels: [{}] }),
    'sites[0].funnels must be an empty list: this version knows no funnels',
  ],
  [
    'a list of the wrong kind',
    withSite({ parameters: 'page' }),
    'sites[0].parameters must be a list [ … ] of at most 100',
  ],
]

describe('one line names the key and the fix', () => {
  test.each(lines)('%s', (_, config, wanted) => {
    expect(lineFor(config)).toBe(wanted)
  })

  test('__proto__ is an unknown key like any other', () => {
    expect(lineForText('{"__proto__": {"sites": []}, "sites": []}')).toMatch(/^__proto__ is not a known key/)
  })
})

const texts: readonly [name: string, text: string, wanted: string][] = [
  ['empty', ' \n', 'is empty: "lightfoot init" writes a complete one'],
  [
    'a comma too many',
    '{\n  "sites": [],\n}',
    'line 3, column 1: not valid JSON: remove the comma before the bracket',
  ],
  [
    'a comma too few',
    '{\n  "a": 1\n  "b": 2\n}',
    'line 3, column 3: not valid JSON: a comma is missing before it',
  ],
  [
    'a key without quotes',
    '{\n  sites: []\n}',
    'line 2, column 3: not valid JSON: put the key into double quotes',
  ],
  ['single quotes', "{ 'sites': [] }", 'line 1, column 3: not valid JSON: use double quotes'],
  [
    'a comment',
    '{\n  "sites": [] // hello\n}',
    'line 2, column 15: not valid JSON: JSON knows no comments: remove it',
  ],
  [
    'cut off',
    '{\n  "a": 1',
    'line 2, column 9: not valid JSON: the file ends too early: a bracket or a quote is not closed',
  ],
  [
    'cut off in a text',
    '{ "a": "x',
    'line 1, column 10: not valid JSON: the file ends too early: a bracket or a quote is not closed',
  ],
  [
    'no JSON',
    'hello',
    'line 1, column 1: not valid JSON: look for a missing comma, quote or bracket just before it',
  ],
]

test.each(texts)('not JSON: %s', (_, text, wanted) => {
  expect(lineForText(text)).toBe(wanted)
})

describe('files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lightfoot-config-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  test('a good file', () => {
    const good = join(folder, 'good.json')
    writeFileSync(good, JSON.stringify({ sites: [shop] }))
    expect(loadConfig(good).sites[0]?.id).toBe('shop')
    expect(loadConfigIfPresent(good)?.sites[0]?.id).toBe('shop')
  })

  test('no file: an error, or undefined where that is allowed', () => {
    const none = join(folder, 'none.json')
    expect(loadConfigIfPresent(none)).toBeUndefined()
    expect(() => loadConfig(none)).toThrow(
      `${none}: not found: if it is elsewhere, LIGHTFOOT_CONFIG says where; "lightfoot init" writes a new one`,
    )
  })

  test('a folder is no file', () => {
    expect(() => loadConfigIfPresent(folder)).toThrow(`${folder}: cannot be read (EISDIR)`)
  })

  test('a file elsewhere is named in full', () => {
    const bad = join(folder, 'bad.json')
    writeFileSync(bad, '{}')
    expect(() => loadConfig(bad)).toThrow(`${bad}: sites is missing`)
  })
})
