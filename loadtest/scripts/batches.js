// Batches as the tracker makes them, in the proportion of the visits of `lightfoot demo`: 3 pages and 16 events a batch.

import { around, pick, pickWeighted, randomId } from './random.js'

/** Events of one page view, on average, that need no choice. */
const perPage = { timing: 0.9, engagement: 1.6, click: 0.7, exit: 0.88, search: 0.024, error: 0.023 }
/** What a page sends besides where a purpose was granted: bit of the purpose, then as above. */
const perPurpose = [
  [1, { view: 0.35, custom: 0.05 }],
  [2, { hover: 0.3, form: 0.03 }],
  [4, { vital: 2.4 }],
]

const makers = {
  timing: () => ({ dns: 12, connect: 20, tls: 18, request: 60, response: 25, ttfb: 90, dcl: 400, load: 800 }),
  engagement: () => ({
    activeMs: 5000 * around(1.5),
    visibleMs: 10_000,
    scroll: pick([
      [1, 3],
      [4, 5],
      [6, 10],
    ]),
  }),
  click: () => ({
    kind: pick(['internal', 'internal', 'internal', 'outbound', 'download', 'tel', 'button']),
  }),
  exit: () => ({ method: pick(['link', 'link', 'link', 'back_forward', 'unknown']) }),
  view: () => ({ name: pick(['kite', 'repair', 'lesson']), group: 'shop' }),
  search: () => ({ term: pick(['kite', 'repair', 'opening hours']), results: pick([0, 3, 12]) }),
  error: () => ({ kind: pick(['resource', 'page', 'script']), status: pick([0, 404, 500]) }),
  form: () => ({
    form: 'contact',
    outcome: pick(['submit', 'abandon', 'invalid']),
    fields: 4,
    fillMs: 20_000,
  }),
  hover: () => ({ target: 'price', ms: 1200 }),
  vital: () => ({ name: pick(['LCP', 'CLS', 'INP', 'FCP', 'TTFB']), value: 120 }),
  custom: () => ({ name: 'signup', props: { plan: pick(['small', 'large']) } }),
}

const pages = ['', 'catalogue/', 'guide.html', 'contact.html', 'search.html', 'catalogue/?page=2']
const devices = [
  [0.45, { screen: [390, 844], viewport: [390, 664], language: 'en-GB' }],
  [0.35, { screen: [1920, 1080], viewport: [1720, 940], language: 'de' }],
  [0.15, { screen: [1440, 900], viewport: [1280, 720], language: 'fr-FR' }],
  [0.05, { screen: [820, 1180], viewport: [820, 1106], language: 'ro' }],
]

/** `consent` is the batch's own: level, purposes, policy, signal, receipt. */
export function makeBatch({ site, origin, folder }, consent) {
  const events = []
  const views = 1 + around(Math.random() * 4)
  for (let page = 0; page < views; page++) addPage(events, page, consent.purposes)
  return {
    v: 1,
    site,
    batch: randomId(22),
    sent: 100 + events.length * 50,
    consent,
    device: pickWeighted(devices),
    pages: Array.from({ length: views }, () => ({
      id: randomId(11),
      url: `${origin}${folder}${pick(pages)}`,
    })),
    events,
  }
}

function addPage(events, page, purposes) {
  let seq = 0
  const add = (type, fields) => {
    // A batch holds 60 events at most.
    if (events.length < 60) events.push({ type, page, seq: seq++, at: 100 + events.length * 50, ...fields })
  }
  const addAll = means => {
    for (const [type, mean] of Object.entries(means))
      for (let count = around(mean); count > 0; count--) add(type, makers[type]())
  }
  add('pageview', { navigation: 'navigate', arrival: page === 0 ? 'unknown' : 'link', status: 200 })
  addAll(perPage)
  for (const [bit, means] of perPurpose) if ((purposes & bit) !== 0) addAll(means)
}
