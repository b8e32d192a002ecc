// The lab: shows every request of the tracker as it leaves. Stands after the snippet, whose script is deferred, so this
// runs first: it sets what the page's address asks for, and wraps the two functions by which the tracker sends.

const asked = new URLSearchParams(location.search)
const script = document.querySelector('script[data-site]')
const keptMax = 50
const key = 'lab'
const encoder = new TextEncoder()

if (asked.has('mode')) script.dataset.mode = asked.get('mode')
if (asked.has('gpc')) Object.defineProperty(navigator, 'globalPrivacyControl', { value: true })
if (asked.has('dnt')) Object.defineProperty(navigator, 'doNotTrack', { value: '1' })

/** Newest last, of this tab: a batch that is sent on leaving a page is seen on the next one. */
let sent = JSON.parse(sessionStorage.getItem(key) ?? '[]')

function note(way, address, body) {
  const { pathname } = new URL(address, location.href)
  if (!pathname.startsWith('/v1/')) return () => {}
  const entry = { way, path: pathname, time: Date.now(), body: String(body), answer: '' }
  sent = [...sent, entry].slice(-keptMax)
  keep()
  return answer => {
    entry.answer = String(answer)
    keep()
  }
}

function keep() {
  sessionStorage.setItem(key, JSON.stringify(sent))
  if (document.readyState !== 'loading') showAll()
}

const send = window.fetch
window.fetch = async (...values) => {
  const answered = note('fetch', values[0], values[1]?.body)
  try {
    const response = await send(...values)
    answered(response.status)
    return response
  } catch (error) {
    answered('no network')
    throw error
  }
}

const beacon = navigator.sendBeacon.bind(navigator)
navigator.sendBeacon = (address, body) => {
  const answered = note('beacon', address, body)
  const isTaken = beacon(address, body)
  answered(isTaken ? 'taken' : 'refused')
  return isTaken
}

// What is shown

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties)
  made.append(...children)
  return made
}

function showAll() {
  const items = sent.map(item).reverse()
  document.getElementById('batches').replaceChildren(...items)
  const batches = sent.filter(({ path }) => path === '/v1/events')
  const events = batches.reduce((sum, { body }) => sum + JSON.parse(body).events.length, 0)
  const bytes = sent.reduce((sum, { body }) => sum + encoder.encode(body).length, 0)
  document.getElementById('sum').textContent = sent.length
    ? `${count(batches.length, 'batch', 'batches')}, ${count(events, 'event', 'events')}, ${bytes.toLocaleString('en')} bytes`
    : 'Nothing yet.'
}

function count(number, one, many) {
  return `${number} ${number === 1 ? one : many}`
}

function item({ way, path, time, body, answer }) {
  const told = JSON.parse(body)
  const bytes = `${encoder.encode(body).length.toLocaleString('en')} bytes`
  const facts = [new Date(time).toLocaleTimeString(), way, bytes, answer || 'on its way']
  const head = element(
    'p',
    { className: 'facts' },
    level(told),
    ...facts.map(text => element('span', {}, text)),
  )
  const raw = element(
    'details',
    {},
    element('summary', {}, 'As sent'),
    element('pre', {}, JSON.stringify(told, null, 2)),
  )
  const content = path === '/v1/events' ? eventList(told) : element('p', {}, `Choice: ${told.choice}`)
  return element('li', {}, head, content, raw)
}

/** What the batch claims: its level, the purposes that were granted, who decided. */
function level({ consent, purposes = [], choice }) {
  const names = [...document.querySelectorAll('#purposes input')].map(({ value }) => value)
  const granted = consent ? names.filter((_, bit) => consent.purposes & (1 << bit)) : purposes
  const text = [consent?.level ?? choice, granted.join(', '), consent?.signal].filter(Boolean).join(' · ')
  const made = element('strong', { className: 'level' }, text)
  made.dataset.level = consent?.level ?? 'choice'
  return made
}

function eventList({ pages, events }) {
  const lines = events.map(({ type, page, seq, at, ...fields }) => {
    const { pathname, search } = new URL(pages[page].url)
    return element(
      'li',
      {},
      element('strong', {}, type),
      ' ',
      element('span', { className: 'path' }, pathname + search),
      ...Object.entries(fields).map(([name, value]) =>
        element('span', { className: 'field' }, element('span', {}, name), ` ${JSON.stringify(value)}`),
      ),
    )
  })
  return element('ul', { className: 'events' }, ...lines)
}

function showState() {
  const status = window.lightfoot?.consent?.status()
  const facts = {
    Level:
      status?.level ?? (window.lightfoot?.consent ? 'this script tells none' : 'the tracker is not there'),
    Purposes: status?.purposes?.join(', ') || 'none',
    Signals: [asked.has('gpc') && 'GPC', asked.has('dnt') && 'DNT'].filter(Boolean).join(', ') || 'none',
    'Kept here':
      [
        localStorage.lightfoot && 'a receipt (localStorage)',
        /lightfoot_off=1/.test(document.cookie) && 'the cookie lightfoot_off=1',
      ]
        .filter(Boolean)
        .join(', ') || 'nothing',
  }
  const parts = Object.entries(facts).map(([name, text]) =>
    element('div', {}, element('dt', {}, name), element('dd', {}, text)),
  )
  const state = document.getElementById('state')
  const next = element('dl', {}, ...parts)
  if (state.innerHTML !== next.innerHTML) state.replaceChildren(...parts)
}

// What the buttons do

let routes = 0

function breakWith(name, properties) {
  const made = element(name, properties)
  document.getElementById('broken').append(made)
  setTimeout(() => made.remove(), 3000)
}

const missing = `/demo/lab/missing-${Date.now()}`

const acts = {
  grant: () => {
    const purposes = [...document.querySelectorAll('#purposes input:checked')].map(({ value }) => value)
    return lightfoot.consent.set({ purposes, source: 'lab' })
  },
  essentials: () => lightfoot.consent.set({ purposes: [], source: 'lab' }),
  withdraw: () => lightfoot.consent.withdraw(),
  object: () => lightfoot.consent.object(),
  off: () => open('#lightfoot-off'),
  on: () => open('#lightfoot-on'),
  nod: button => {
    button.textContent = button.textContent === 'Named button' ? 'Named button, pressed' : 'Named button'
  },
  view: () => lightfoot.view('Kite repair', 'Services'),
  track: () => lightfoot.track('signed up', { plan: 'small' }),
  route: () => history.pushState(null, '', `/demo/lab/route-${++routes}${location.search}`),
  back: () => history.back(),
  hash: () => {
    location.hash = `part-${++routes}`
  },
  pageview: () => lightfoot.pageview(),
  image: () => breakWith('img', { src: `${missing}.png`, alt: '' }),
  script: () => breakWith('script', { src: `${missing}.js` }),
  style: () => breakWith('link', { rel: 'stylesheet', href: `${missing}.css` }),
  audio: () => breakWith('audio', { src: `${missing}.mp3` }),
  throw: () => {
    throw new Error('thrown in the lab')
  },
  reject: () => {
    Promise.reject(new Error('rejected in the lab'))
  },
  clear: () => {
    sent = []
    keep()
  },
}

/** The fragment counts when a page is opened with it. */
function open(fragment) {
  location.hash = fragment
  location.reload()
}

document.addEventListener('DOMContentLoaded', () => {
  document.addEventListener('click', event => {
    const button = event.target.closest('[data-do]')
    if (button) acts[button.dataset.do](button)
  })
  document.getElementById('letter').addEventListener('submit', event => {
    event.preventDefault()
    event.target.reset()
  })
  document.getElementById('search').addEventListener('submit', event => {
    event.preventDefault()
    lightfoot.search(document.getElementById('term').value, Number(document.getElementById('results').value))
  })
  const { elements } = document.getElementById('setting')
  elements.mode.value = script.dataset.mode
  elements.script.value = asked.get('script') ?? 'all'
  elements.gpc.checked = asked.has('gpc')
  elements.dnt.checked = asked.has('dnt')
  showAll()
  showState()
  setInterval(showState, 300)
})
