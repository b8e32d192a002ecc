// Batches as the tracker makes them in exempt mode, for k6 (no imports: k6 is not Node).

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const paths = ['/demo/', '/demo/catalogue/', '/demo/guide.html', '/demo/contact.html', '/demo/search.html']

function randomId(length) {
  let id = ''
  for (let i = 0; i < length; i++) id += alphabet[Math.floor(Math.random() * 64)]
  return id
}

function pick(list) {
  return list[Math.floor(Math.random() * list.length)]
}

/** One event of a page, in the proportion in which pages send them. */
function makeEvent(seq) {
  const common = { page: 0, seq, at: 100 + seq * 50 }
  if (seq === 0)
    return { type: 'pageview', ...common, navigation: 'navigate', arrival: 'unknown', status: 200 }
  if (seq === 1) return { type: 'timing', ...common, ttfb: 100, response: 25, dcl: 400, load: 800 }
  if (seq % 5 === 2)
    return { type: 'click', ...common, kind: pick(['internal', 'outbound', 'download', 'tel']) }
  if (seq % 11 === 3) return { type: 'error', ...common, kind: 'resource' }
  return { type: 'engagement', ...common, activeMs: 5000, visibleMs: 5000 }
}

export function makeBatch({ site, origin, events, policy }) {
  return {
    v: 1,
    site,
    batch: randomId(22),
    sent: 100 + events * 50,
    consent: { level: 'exempt', purposes: 0, policy, signal: 'default' },
    device: { screen: [1920, 1080], viewport: [1280, 720], language: 'en-GB' },
    pages: [{ id: randomId(11), url: origin + pick(paths) }],
    events: Array.from({ length: events }, (_, seq) => makeEvent(seq)),
  }
}
