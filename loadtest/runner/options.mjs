// The command line of `npm run loadtest`, and what it refuses.

import { parseArgs } from 'node:util'
import { defaults, descriptions } from './plans.mjs'

const scripts = Object.keys(defaults)
const secondsMax = 24 * 3600
const rateMax = 20_000

export const help = `Usage: npm run loadtest -- SCRIPT [options]

${scripts.map(name => `  ${name.padEnd(8)}${descriptions[name]}`).join('\n')}

  --url URL        public listener of the collector      (default http://127.0.0.1:8080)
  --admin URL      private listener, for the reports     (default http://127.0.0.1:8081)
  --site ID        site to send for                      (default demo)
  --origin ORIGIN  an origin of that site                (default: the first of its origins)
  --policy N       version of the site's policy          (default 1)
  --duration D     for example 10s, 2m; ramp: each step  (default ${scripts.map(name => `${name} ${defaults[name].duration}`).join(', ')})
  --rate N         requests a second; ramp: first step   (default ramp 100, soak 50, spike 50, mixed 100)
  --steps N        of ramp, each half as much again      (default 12)
  --vus N          virtual users of smoke                (default 8)
  --p99 MS         what the 99th percentile may take     (default smoke 1000, ramp 250, else 500)
  --growth PERCENT what a process's memory may grow in a soak of 10 minutes or more (default 10)
  --summary FILE   the summary as text                   (default loadtest/results/SCRIPT.txt)
  --html FILE      the summary as a page with charts     (default loadtest/results/SCRIPT.html)
  --allow-remote   send load to a host that is not loopback: only to your own
  --yes            do not ask before that

LIGHTFOOT_ADMIN_TOKEN is the token of the private listener, where it has one.
Start a collector first, for example: npm start`

export class UsageError extends Error {}

/** Options with their defaults, `seconds` instead of `duration`. Throws UsageError. */
export function readOptions(args) {
  const { values, positionals } = parse(args)
  if (values.help) return { help: true }
  const [script, ...more] = positionals
  if (!scripts.includes(script) || more.length > 0)
    throw new UsageError(`say which run: ${scripts.join(', ')}; see npm run loadtest -- --help`)
  const standard = defaults[script]
  const number = (name, fallback, max) => readNumber(name, values[name], fallback, max)
  return {
    script,
    url: readUrl('url', values.url),
    admin: readUrl('admin', values.admin),
    site: values.site,
    origin: values.origin,
    policy: number('policy', 1, 65_535),
    seconds: readDuration(values.duration ?? standard.duration),
    rate: standard.rate === undefined ? undefined : number('rate', standard.rate, rateMax),
    steps: number('steps', standard.steps, 20),
    vus: number('vus', standard.vus, 1000),
    p99Ms: number('p99', standard.p99Ms, 60_000),
    growthShare: number('growth', 10, 1000) / 100,
    summary: values.summary,
    html: values.html,
    allowRemote: values['allow-remote'],
    yes: values.yes,
  }
}

function parse(args) {
  const text = { type: 'string' }
  const flag = { type: 'boolean', default: false }
  const named = ['origin', 'policy', 'duration', 'rate', 'steps', 'vus', 'p99', 'growth', 'summary', 'html']
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        ...Object.fromEntries(named.map(name => [name, text])),
        url: { ...text, default: 'http://127.0.0.1:8080' },
        admin: { ...text, default: 'http://127.0.0.1:8081' },
        site: { ...text, default: 'demo' },
        'allow-remote': flag,
        yes: flag,
        help: flag,
      },
    })
  } catch (error) {
    throw new UsageError(`${error.message.split('. ')[0]}; see npm run loadtest -- --help`)
  }
}

function readNumber(name, given, fallback, max) {
  if (given === undefined) return fallback
  const value = Number(given)
  if (!Number.isInteger(value) || value < 1 || value > max)
    throw new UsageError(`--${name} is a whole number from 1 to ${max}`)
  return value
}

/** `10s`, `2m`, `1h` → seconds */
function readDuration(text) {
  const [, count, unit] = /^(\d+)(s|m|h)$/.exec(text) ?? []
  const seconds = Number(count) * { s: 1, m: 60, h: 3600 }[unit ?? 's']
  if (!(seconds >= 1 && seconds <= secondsMax))
    throw new UsageError('--duration is a time such as 10s, 2m or 1h, at most 24h')
  return seconds
}

/** Without a slash at its end. */
function readUrl(name, text) {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !/^https?:$/.test(url.protocol))
    throw new UsageError(`--${name} is an address such as http://127.0.0.1:8080`)
  return url.href.replace(/\/$/, '')
}

export function isLoopback(url) {
  const { hostname } = new URL(url)
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname)
}
