import { expect, test } from 'vitest'
import { createParseAgent, parseAgent } from './parse_agent.ts'

const webkit = 'AppleWebKit/537.36 (KHTML, like Gecko)'

test.each([
  [
    `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${webkit} Chrome/141.0.0.0 Safari/537.36`,
    'Chrome',
    '141',
    'Windows',
    '10',
    'desktop',
  ],
  [
    `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${webkit} Chrome/141.0.0.0 Safari/537.36 Edg/141.0.1.2`,
    'Edge',
    '141',
    'Windows',
    '10',
    'desktop',
  ],
  [
    'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
    'Firefox',
    '140',
    'Linux',
    '',
    'desktop',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
    'Mobile Safari',
    '17',
    'iOS',
    '17',
    'mobile',
  ],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15',
    'Safari',
    '17',
    'Mac OS',
    '10',
    'desktop',
  ],
  [
    `Mozilla/5.0 (Linux; Android 14; SM-X700) ${webkit} Chrome/141.0.0.0 Safari/537.36`,
    'Chrome',
    '141',
    'Android',
    '14',
    'tablet',
  ],
  [
    `Mozilla/5.0 (Linux; Android 14; SM-S911B) ${webkit} SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36`,
    'Samsung Internet',
    '25',
    'Android',
    '14',
    'mobile',
  ],
  [
    'Mozilla/5.0 (SMART-TV; Linux; Tizen 6.0) AppleWebKit/538.1 (KHTML, like Gecko) Version/6.0 TV Safari/538.1',
    'Safari',
    '6',
    'Tizen',
    '6',
    'other',
  ],
  ['my secret program/1.0', '', '', '', '', ''],
  ['', '', '', '', '', ''],
])('%s', (userAgent, browser, browserVersion, system, systemVersion, device) => {
  expect(parseAgent(userAgent)).toMatchObject({ browser, browserVersion, system, systemVersion, device })
})

test('names and versions that a client makes up do not come through', () => {
  const agent = parseAgent('Mozilla/5.0 (X11; Linux secretvalue) Firefox/123456789.0 jasmine/secret')
  expect(JSON.stringify(agent)).not.toMatch(/secret|123456789|jasmine/i)
  expect(parseAgent('jasmine/1.0').browser).toBe('Other')
})

test.each([
  ['Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)', true],
  ['python-requests/2.31', true],
  [`Mozilla/5.0 (X11; Linux x86_64) ${webkit} Chrome/141.0.0.0 Safari/537.36`, false],
])('%s is a robot: %s', (userAgent, isBot) => {
  expect(parseAgent(userAgent).isBot).toBe(isBot)
})

test('the same agent is parsed once', () => {
  const parse = createParseAgent()
  expect(parse('a')).toBe(parse('a'))
  // What differs only beyond the bound is one agent.
  expect(parse(`${'a'.repeat(512)}1`)).toBe(parse(`${'a'.repeat(512)}2`))
})
