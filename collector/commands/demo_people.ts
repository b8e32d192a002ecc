// Who visits the demo: where from, with what, by which way, and what they chose. All of it is made up; the addresses are
// of large access networks, so that the country table has an answer, and their last part is random.

import { allPurposes, type PurposeSet, purposeSet } from '../../contract/purposes.ts'
import type { Random } from './demo_random.ts'

export type DemoAgent = {
  readonly userAgent: string
  readonly screen: [number, number]
  readonly viewport: [number, number]
  readonly isBot?: boolean
}

/** How a visit begins. `query` is of the landing page's address. */
export type DemoSource = {
  readonly referrer: string
  readonly query?: string
  readonly landings: readonly { readonly path: string; readonly weight: number }[]
}

export type DemoPerson = {
  /** What a proxy would write into X-Forwarded-For. */
  readonly address: string
  readonly language: string
  readonly agent: DemoAgent
  /** What the visitor granted; 0 leaves the exempt measurement. */
  readonly purposes: PurposeSet
  /** First-party id, only with `identity`. */
  readonly visitor: string | undefined
  readonly sendsGpc: boolean
  /** Objected while another tab was open, whose events still come. */
  readonly hasObjected: boolean
}

/** Country (for people and the test), language, first parts of addresses, weight. */
export const networks = [
  { country: 'RO', language: 'ro-RO', prefixes: ['86.120.5', '86.124.40', '2a02:2f00:7'], weight: 12 },
  { country: 'GB', language: 'en-GB', prefixes: ['86.150.3', '81.140.20', '2a00:23c4:5'], weight: 24 },
  { country: 'DE', language: 'de-DE', prefixes: ['84.135.20', '91.10.5', '2003:c0:3f'], weight: 14 },
  { country: 'FR', language: 'fr-FR', prefixes: ['90.1.20', '82.64.10', '2a01:e0a:4'], weight: 10 },
  { country: 'NL', language: 'nl-NL', prefixes: ['84.80.10', '2a02:a440:9'], weight: 7 },
  { country: 'IT', language: 'it-IT', prefixes: ['93.40.10', '79.20.30'], weight: 5 },
  { country: 'ES', language: 'es-ES', prefixes: ['83.40.10', '80.30.20'], weight: 5 },
  { country: 'PL', language: 'pl-PL', prefixes: ['83.8.10', '89.64.20'], weight: 4 },
  { country: 'SE', language: 'sv-SE', prefixes: ['78.70.10'], weight: 2 },
  { country: 'PT', language: 'pt-PT', prefixes: ['2.80.10', '2001:8a0:6'], weight: 2 },
  { country: 'US', language: 'en-US', prefixes: ['24.20.10', '73.40.3', '2601:200:8'], weight: 9 },
  { country: 'CA', language: 'en-CA', prefixes: ['99.224.3'], weight: 2 },
  { country: 'AU', language: 'en-AU', prefixes: ['1.128.20'], weight: 2 },
  { country: 'JP', language: 'ja-JP', prefixes: ['126.20.10', '60.70.20'], weight: 2 },
  { country: 'IN', language: 'en-IN', prefixes: ['49.36.10'], weight: 1 },
] as const

const windows = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64)'
const macos = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)'
const webkit = 'AppleWebKit/537.36 (KHTML, like Gecko)'
const safari = 'AppleWebKit/605.1.15 (KHTML, like Gecko)'

const agent = (weight: number, userAgent: string, screen: [number, number], chrome: number) => ({
  weight,
  userAgent,
  screen,
  viewport: [screen[0], screen[1] - chrome] as [number, number],
})

export const agents: readonly (DemoAgent & { readonly weight: number })[] = [
  agent(22, `${windows} ${webkit} Chrome/142.0.0.0 Safari/537.36`, [1920, 1080], 140),
  agent(6, `${windows} ${webkit} Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0`, [1536, 864], 150),
  agent(5, `${windows.replace('x64)', 'x64; rv:145.0)')} Gecko/20100101 Firefox/145.0`, [1920, 1080], 120),
  agent(6, `${macos} ${webkit} Chrome/142.0.0.0 Safari/537.36`, [1440, 900], 130),
  agent(8, `${macos} ${safari} Version/26.1 Safari/605.1.15`, [1512, 982], 110),
  agent(3, 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0', [2560, 1440], 120),
  agent(
    21,
    `Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) ${safari} Version/26.1 Mobile/15E148 Safari/604.1`,
    [393, 852],
    190,
  ),
  agent(
    17,
    `Mozilla/5.0 (Linux; Android 10; K) ${webkit} Chrome/142.0.0.0 Mobile Safari/537.36`,
    [412, 915],
    150,
  ),
  agent(
    5,
    `Mozilla/5.0 (Linux; Android 14; SM-S911B) ${webkit} SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36`,
    [360, 780],
    140,
  ),
  agent(
    4,
    `Mozilla/5.0 (iPad; CPU OS 17_7 like Mac OS X) ${safari} Version/17.7 Mobile/15E148 Safari/604.1`,
    [820, 1180],
    110,
  ),
  agent(
    2,
    `Mozilla/5.0 (Linux; Android 13; SM-X200) ${webkit} Chrome/142.0.0.0 Safari/537.36`,
    [800, 1280],
    120,
  ),
  {
    ...agent(1, 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)', [411, 731], 0),
    isBot: true,
  },
]

const home = [{ path: '/demo/', weight: 1 }]
const anywhere = [
  { path: '/demo/', weight: 5 },
  { path: '/demo/catalogue/', weight: 2 },
  { path: '/demo/guide.html', weight: 5 },
  { path: '/demo/kites/tern.html', weight: 2 },
  { path: '/demo/kites/swift.html', weight: 2 },
  { path: '/demo/repairs.html', weight: 1 },
]
const pictures = [
  { path: '/demo/kites/eel.html', weight: 3 },
  { path: '/demo/kites/curlew.html', weight: 2 },
  { path: '/demo/', weight: 2 },
]
const newsletter = 'utm_source=newsletter&utm_medium=email&utm_campaign=first-sunday'

export const sources: readonly (DemoSource & { readonly weight: number })[] = [
  { weight: 26, referrer: '', landings: home },
  { weight: 28, referrer: 'https://www.google.com/', landings: anywhere },
  { weight: 4, referrer: 'https://www.bing.com/', landings: anywhere },
  { weight: 5, referrer: 'https://duckduckgo.com/', landings: anywhere },
  { weight: 2, referrer: 'https://www.ecosia.org/', landings: anywhere },
  { weight: 8, referrer: 'https://l.instagram.com/', landings: pictures },
  { weight: 4, referrer: 'https://www.reddit.com/r/kites/', landings: anywhere },
  { weight: 3, referrer: 'https://mastodon.social/', landings: pictures },
  { weight: 3, referrer: 'https://flyers.example/where-to-buy', landings: home },
  {
    weight: 11,
    referrer: '',
    query: newsletter,
    landings: [{ path: '/demo/kites/heron.html', weight: 1 }, ...home],
  },
  {
    weight: 4,
    referrer: 'https://www.google.com/',
    query: 'utm_source=google&utm_medium=cpc&utm_campaign=stunt-kites&gclid=EAIaIQobChMIdemo',
    landings: [{ path: '/demo/kites/swift.html', weight: 1 }],
  },
]

/** What people grant who grant something: most accept all that the banner offers, a few more on their account page. */
const grants = [
  { weight: 12, purposes: purposeSet(['statistics', 'behaviour', 'performance']) },
  { weight: 3, purposes: purposeSet(['statistics']) },
  { weight: 2, purposes: purposeSet(['statistics', 'performance']) },
  { weight: 3, purposes: allPurposes - purposeSet(['disclosure']) },
]

/** Every set for which a receipt is needed. */
export const grantedSets: readonly PurposeSet[] = grants.map(({ purposes }) => purposes)

const grantedShare = 0.4

export function makePerson(random: Random): DemoPerson {
  const network = random.pick(networks)
  const agent = random.pick(agents)
  const sendsGpc = random.chance(0.04)
  const isGranted = !sendsGpc && agent.isBot !== true && random.chance(grantedShare)
  const purposes = isGranted ? random.pick(grants).purposes : 0
  return {
    address: addressIn(network.prefixes[random.whole(0, network.prefixes.length - 1)] ?? '', random),
    language: network.language,
    agent,
    purposes,
    visitor: (purposes & purposeSet(['identity'])) === 0 ? undefined : random.id(16),
    sendsGpc,
    hasObjected: !isGranted && random.chance(0.01),
  }
}

/** `86.120.5 → 86.120.5.77`, `2a02:2f00:7 → 2a02:2f00:7:1f::9` */
function addressIn(prefix: string, random: Random): string {
  if (!prefix.includes(':')) return `${prefix}.${random.whole(1, 254)}`
  return `${prefix}:${random.whole(1, 0xffff).toString(16)}::${random.whole(1, 0xffff).toString(16)}`
}
