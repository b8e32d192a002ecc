// The torture's traffic: batches of every type of event with random figures, for a site that measures without consent and
// for one that needs a grant. Figures are chosen so that what is sent is what is stored, to the millisecond where that was
// granted, in whole steps where it was not; so sums can be compared and not only counts.

import type { Random } from '../../collector/commands/demo_random.ts'
import type { Batch, Event } from '../../contract/events.ts'
import { purposeNames, purposeSet } from '../../contract/purposes.ts'
import { engagementStepMs } from '../../contract/steps.ts'
import { edgesMs } from './figures.ts'

export const origin = 'https://www.example.com'

const common = { origins: [origin], policy: 1, minimumGroup: 1 }
/** `shop` measures without consent; `club` only with it. */
export const config = {
  sites: [
    { ...common, id: 'shop', mode: 'exempt' },
    { ...common, id: 'club', mode: 'strict' },
  ],
}

/** Makes an event; `random` gives its figures. */
type Maker = (seq: number, random: Random) => Event

const whole = (random: Random) => ({ page: 0, at: random.whole(10, 900) })

const exemptMakers: readonly Maker[] = [
  (seq, random) => ({
    ...whole(random),
    seq,
    type: 'engagement',
    activeMs: engagementStepMs * random.whole(0, 9),
    visibleMs: engagementStepMs * random.whole(9, 30),
    // Whole quarters of the document.
    scroll: [1, random.pick([3, 5, 8, 10].map(last => ({ last, weight: 1 }))).last],
  }),
  (seq, random) => ({ ...whole(random), seq, type: 'click', kind: 'outbound' }),
  (seq, random) => ({ ...whole(random), seq, type: 'exit', method: 'link' }),
  (seq, random) => ({ ...whole(random), seq, type: 'error', kind: 'resource', tag: 'img', status: 404 }),
  (seq, random) => ({ ...whole(random), seq, type: 'timing', ...loadTimes(edgesMs[random.whole(3, 20)]) }),
  (seq, random) => ({
    ...whole(random),
    seq,
    type: 'vital',
    name: 'LCP',
    value: edgesMs[random.whole(0, 20)] ?? 0,
  }),
]

const grantedMakers: readonly Maker[] = [
  (seq, random) => {
    const [first, last] = [random.whole(1, 10), random.whole(1, 10)].sort((a, b) => a - b)
    const scroll: [number, number] = [first ?? 1, last ?? 10]
    const activeMs = random.whole(0, 9999)
    return { ...whole(random), seq, type: 'engagement', activeMs, visibleMs: activeMs + 77, scroll }
  },
  (seq, random) => ({
    ...whole(random),
    seq,
    type: 'click',
    kind: 'button',
    target: `b${random.whole(1, 9)}`,
  }),
  (seq, random) => ({ ...whole(random), seq, type: 'exit', method: 'link', target: 'other.example' }),
  (seq, random) => ({ ...whole(random), seq, type: 'error', kind: 'script', message: 'x is not a function' }),
  (seq, random) => ({ ...whole(random), seq, type: 'timing', ...loadTimes(random.whole(100, 9999)) }),
  (seq, random) => ({ ...whole(random), seq, type: 'vital', name: 'LCP', value: random.whole(1, 9999) }),
  (seq, random) => ({ ...whole(random), seq, type: 'hover', target: 'menu', ms: random.whole(100, 5000) }),
  (seq, random) => ({
    ...whole(random),
    seq,
    type: 'form',
    form: 'order',
    outcome: 'submit',
    fields: random.whole(1, 20),
    fillMs: random.whole(1000, 60_000),
  }),
  (seq, random) => ({ ...whole(random), seq, type: 'search', term: 'kites', results: random.whole(0, 200) }),
  (seq, random) => ({ ...whole(random), seq, type: 'view', name: 'kite', group: 'toys' }),
  (seq, random) => ({
    ...whole(random),
    seq,
    type: 'custom',
    name: 'zoom',
    props: { step: random.whole(1, 9) },
  }),
]

function loadTimes(load = 1000) {
  return { ttfb: 10, interactive: 25, dcl: 50, load }
}

/** One page of one visitor: its view and up to twelve other events. `receipt` is of the last grant for `club`. */
export function makeBatch(random: Random, receipt: string): Batch {
  const isGranted = random.chance(0.5)
  const makers = isGranted ? grantedMakers : exemptMakers
  const view: Event = {
    ...whole(random),
    seq: 0,
    type: 'pageview',
    referrer: 'https://search.example/',
    navigation: 'navigate',
    arrival: 'link',
    status: 200,
  }
  const others = Array.from({ length: random.whole(0, 12) }, (_, index) =>
    random.pick(makers.map(make => ({ make, weight: 1 }))).make(index + 1, random),
  )
  return {
    v: 1,
    site: isGranted ? 'club' : 'shop',
    batch: random.id(16),
    sent: 1000,
    consent: isGranted
      ? { level: 'granted', purposes: purposeSet(purposeNames), policy: 1, signal: 'choice', receipt }
      : { level: 'exempt', purposes: 0, policy: 1, signal: 'default' },
    ...(isGranted ? { visitor: random.id(16) } : {}),
    device: { screen: [1920, 1080], viewport: [1280, 720], language: 'en-GB' },
    pages: [{ id: random.id(8), url: `${origin}/page/${random.whole(1, 12)}` }],
    events: [view, ...others.filter(isFirstVital)],
  }
}

/** Of a page's vital only the latest figure counts, so each page tells one: sums can be compared. */
function isFirstVital(event: Event, index: number, all: readonly Event[]): boolean {
  return event.type !== 'vital' || all.findIndex(({ type }) => type === 'vital') === index
}
