import { expect, test } from 'vitest'
import { mayRun } from './ask.mjs'
import { isLoopback, readOptions, UsageError } from './options.mjs'
import { defaults, makePlan } from './plans.mjs'

test.each([
  [['ramp', '--rate', '0'], '--rate is a whole number from 1 to'],
  [['ramp', '--rate', '1e9'], '--rate is a whole number'],
  [['soak', '--duration', 'long'], '--duration is a time such as'],
  [['soak', '--duration', '25h'], 'at most 24h'],
  [['smoke', '--url', 'ftp://127.0.0.1'], '--url is an address'],
  [['storm'], 'say which run: smoke, ramp, soak, spike, mixed'],
  [[], 'say which run'],
  [['smoke', 'ramp'], 'say which run'],
  [['smoke', '--no-such'], 'Unknown option'],
])('%s is refused', (args, message) => {
  expect(() => readOptions(args)).toThrow(UsageError)
  expect(() => readOptions(args)).toThrow(message)
})

test('defaults, and what is given instead', () => {
  expect(readOptions(['soak'])).toMatchObject({
    seconds: 1800,
    rate: 50,
    p99Ms: 500,
    site: 'demo',
    yes: false,
  })
  const given = [
    'soak',
    '--duration',
    '2h',
    '--rate',
    '7',
    '--url',
    'https://stats.example.com/',
    '--growth',
    '5',
  ]
  expect(readOptions(given)).toMatchObject({
    seconds: 7200,
    rate: 7,
    url: 'https://stats.example.com',
    growthShare: 0.05,
  })
})

test.each([
  ['http://127.0.0.1:8080', true],
  ['http://127.8.9.1', true],
  ['http://localhost:1', true],
  ['http://[::1]:1', true],
  ['http://127.0.0.1.example.com', false],
  ['http://127.example.com', false],
  ['http://10.0.0.1', false],
  ['http://0.0.0.0', false],
])('%s is loopback: %s', (url, wanted) => expect(isLoopback(url)).toBe(wanted))

const much = { seconds: 10, requests: 100 }
test.each([
  ['nobody said that it is theirs', ['smoke'], 'add --allow-remote if it is yours'],
  ['nobody is there to be asked', ['smoke', '--allow-remote'], 'add --yes'],
])('no load on another machine when %s', async (_, args) => {
  const options = readOptions([...args, '--url', 'https://stats.example.com'])
  await expect(mayRun(options, much)).rejects.toThrow(UsageError)
})

test('load on another machine when somebody said both, and on this one always', async () => {
  await mayRun(readOptions(['smoke', '--allow-remote', '--yes', '--url', 'https://stats.example.com']), much)
  await mayRun(readOptions(['smoke']), much)
})

test.each(Object.keys(defaults))('the plan of %s lasts as long as it says', script => {
  const { plan, seconds } = makePlan(script, readOptions([script]))
  const ends = [
    ...(plan.steps ?? []).map(step => step.startSeconds + plan.seconds),
    ...Object.values(plan.phases ?? {}).map(phase => phase.startSeconds + phase.seconds),
  ]
  expect(Math.max(plan.seconds, ...ends)).toBe(seconds)
})

test('what a remote run is said to send is what its plan sends', () => {
  expect(makePlan('mixed', readOptions(['mixed', '--rate', '10', '--duration', '60s'])).requests).toBe(600)
  expect(makePlan('spike', readOptions(['spike', '--rate', '10', '--duration', '40s'])).requests).toBe(1300)
  expect(makePlan('ramp', readOptions(['ramp', '--rate', '100', '--steps', '3'])).requests).toBe(5 * 475)
})
