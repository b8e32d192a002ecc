// Batches with something planted in every field that is a text: each kind of plant in each place, by itself, in a
// sentence, and behind a name. What may stay by the consent matrix is not planted there; the comments say which.

import type { Batch, BatchConsent, Event } from '../../contract/events.ts'
import { type PlantKind, personNames, plantKinds, plants } from './plants.ts'
import { newBatchId, newPageId } from './sample_batch.ts'

type Fields<E = Event> = E extends Event ? Omit<E, 'page' | 'seq' | 'at'> : never
type Planted = { readonly url: string; readonly fields: Fields }

/** A place of an event: how `x` comes to stand in it. */
type EventPlace = (x: string) => Fields
/** A place of a page's URL, behind its origin. */
type PagePlace = (x: string) => string

const elsewhere = 'https://other.example'
const enc = encodeURIComponent
const pageview = (fields: object): Fields => ({ type: 'pageview', ...fields })
const click = (href: string): Fields => ({ type: 'click', kind: 'outbound', href })

const eventPlaces: Readonly<Record<string, EventPlace>> = {
  title: x => pageview({ title: x }),
  'referrer, path': x => pageview({ referrer: `${elsewhere}/by/${x}/a` }),
  'referrer, path encoded': x => pageview({ referrer: `${elsewhere}/by/${enc(x)}` }),
  'referrer, query': x => pageview({ referrer: `${elsewhere}/?q=${enc(x)}&${enc(x)}=1` }),
  'referrer, fragment': x => pageview({ referrer: `${elsewhere}/#${x}` }),
  'referrer, credentials': x => pageview({ referrer: `https://${enc(x)}:${enc(x)}@other.example/` }),
  'referrer, no URL': x => pageview({ referrer: x }),
  'referrer, another scheme': x => pageview({ referrer: `android-app://${x}/${x}` }),
  from: x => pageview({ from: `/from/${x}?u=${enc(x)}#${x}` }),
  'from, no path': x => pageview({ from: x }),
  'exit target': x => ({ type: 'exit', method: 'link', target: x }),
  'click target': x => ({ type: 'click', kind: 'button', target: x }),
  'click href, path': x => click(`${elsewhere}/to/${x}/a.pdf`),
  'click href, relative': x => click(`../to/${x}?u=${enc(x)}`),
  'click href, query': x => click(`${elsewhere}/?u=${enc(x)}#${x}`),
  'click href, credentials': x => click(`https://${enc(x)}@other.example/`),
  'click href, mailto': x => ({ type: 'click', kind: 'mailto', href: `mailto:${x}?subject=${enc(x)}` }),
  'click href, script': x => click(`javascript:go("${x}")`),
  'click href, data': x => click(`data:text/plain,${x}`),
  'click href, blob': x => click(`blob:https://www.example.com/${x}`),
  'hover target': x => ({ type: 'hover', target: x, ms: 900 }),
  form: x => ({ type: 'form', form: x, outcome: 'submit', fields: 3, fillMs: 9000 }),
  'search term': x => ({ type: 'search', term: x, results: 3 }),
  'view name': x => ({ type: 'view', name: x }),
  'view group': x => ({ type: 'view', name: 'Kite', group: x }),
  'error tag': x => ({ type: 'error', kind: 'resource', tag: x, status: 404 }),
  'error URL': x => ({
    type: 'error',
    kind: 'resource',
    tag: 'img',
    url: `${elsewhere}/i/${x}.png?u=${enc(x)}`,
  }),
  'error URL, relative': x => ({ type: 'error', kind: 'resource', tag: 'img', url: `i/${enc(x)}/a.png` }),
  'error message': x => ({ type: 'error', kind: 'script', message: x, line: 3 }),
  'error message, quoted': x => ({
    type: 'error',
    kind: 'script',
    message: `Cannot read "${x}" of '${x}' in ${elsewhere}/${enc(x)}?u=${enc(x)}`,
  }),
  'error file': x => ({ type: 'error', kind: 'script', message: 'x is not a function', file: x }),
  'timing protocol': x => ({ type: 'timing', ttfb: 90, load: 900, protocol: x }),
  'custom name': x => ({ type: 'custom', name: x }),
  'custom property': x => ({
    type: 'custom',
    name: 'Signed up',
    props: { plan: x, more: `{"plan":"${x}"}` },
  }),
  'custom property name': x => ({ type: 'custom', name: 'Signed up', props: { [x]: true } }),
  'call area': x => ({ type: 'call', seconds: 60, dialled: '+40213000000', area: x }),
  'call dialled': x => ({ type: 'call', seconds: 60, dialled: x }),
}

const pagePlaces: Readonly<Record<string, PagePlace>> = {
  path: x => `/p/${x}/a`,
  'path, encoded': x => `/p/${enc(x)}`,
  'path, encoded twice': x => `/p/${enc(enc(x))}/a`,
  'path, parameter': x => `/p/a;jsessionid=${enc(x)};b=1/c`,
  'path, of an own kind': x => `/health/${enc(x)}`,
  'query, not listed': x => `/p?u=${enc(x)}&token=${enc(x)}`,
  'query, listed': x => `/p?page=${enc(x)}`,
  'query, search': x => `/p?q=${enc(x)}`,
  'query, name': x => `/p?${enc(x)}=1`,
  fragment: x => `/p#${x}`,
  source: x => `/p?source=${enc(x)}`,
  ref: x => `/p?ref=${enc(x)}`,
  'source and ref, one word': x => `/p?source=${enc(oneWord(x))}&ref=${enc(oneWord(x))}`,
  utm_source: x => `/p?utm_source=${enc(x)}`,
  utm_medium: x => `/p?utm_medium=${enc(x)}`,
  utm_campaign: x => `/p?utm_campaign=${enc(x)}`,
  utm_term: x => `/p?utm_term=${enc(x)}`,
  utm_content: x => `/p?utm_content=${enc(x)}`,
}

/** As a campaign would write it, and a name as well: `Zebulon Quagmire 7 → zebulon.quagmire.7`. */
function oneWord(x: string): string {
  return x.toLowerCase().replace(/[^a-z0-9]+/g, '.')
}

/** Places for which a kind must look like a host. */
const hostPlaces: Readonly<Record<string, EventPlace>> = {
  'referrer host': x => pageview({ referrer: `https://${x}/a` }),
  'referrer, label of the host': x => pageview({ referrer: `https://${x}.other.example/a` }),
  'click href, host': x => click(`https://${x}/a`),
  'click href, label of the host': x => click(`https://${x}.other.example/a`),
  'error URL, host': x => ({ type: 'error', kind: 'resource', tag: 'img', url: `http://${x}/a.png` }),
  'exit target, host': x => ({ type: 'exit', method: 'link', target: x }),
  'exit target, label': x => ({ type: 'exit', method: 'link', target: `${x}.other.example` }),
}
const hostKinds: readonly PlantKind[] = [
  'hexadecimal token',
  'session id',
  'UUID',
  'IPv4',
  'IPv4 with a port',
  'IPv6 with a port',
]

/** A click id is a token by its nature and may stay with `campaigns`; nothing else may come in its place. */
const clickIdKinds: readonly PlantKind[] = [
  'e-mail',
  'e-mail, encoded',
  'named secret',
  'IPv4',
  'IPv6, short',
  'phone, international',
]

const contexts: readonly ((x: string) => string)[] = [x => x, x => `of ${x} now`, x => `user:${x},`]

type Everywhere = {
  readonly origin: string
  /** A listed `https://*.…`: its star is for the client to say. */
  readonly anyHost: string
  readonly withCalls: boolean
}

/** Kinds that can be a label of a host. */
const labelKinds: readonly PlantKind[] = ['hexadecimal token', 'session id', 'UUID']

/** Everywhere, what the scrub finds in any text. With `calls`, a dialled number may stay, so then none is planted. */
export function plantedEverywhere({ origin, anyHost, withCalls }: Everywhere): Planted[] {
  const planted: Planted[] = []
  let number = 0
  for (const kind of plantKinds) {
    for (const context of contexts) {
      for (const place of Object.values(eventPlaces)) planted.push(inEvent(place(context(draw(kind)))))
      for (const place of Object.values(pagePlaces)) planted.push(inPage(place(context(draw(kind)))))
    }
    planted.push(credentials(draw(kind)), language(draw(kind)))
    if (clickIdKinds.includes(kind)) planted.push(inPage(`/p?gclid=${enc(draw(kind))}`))
    if (hostKinds.includes(kind)) {
      for (const place of Object.values(hostPlaces)) planted.push(inEvent(place(draw(kind))))
    }
    if (labelKinds.includes(kind)) {
      const ownUrl = () => `${anyHost.replace('*', draw(kind))}/a`
      planted.push({ url: ownUrl(), fields: pageview({ referrer: ownUrl(), from: ownUrl() }) })
      planted.push(inEvent(click(ownUrl())))
      planted.push(inEvent({ type: 'error', kind: 'resource', tag: 'img', url: ownUrl() }))
    }
    if (!withCalls) {
      planted.push(inEvent({ type: 'click', kind: 'tel', href: `tel:${draw(kind)}` }))
    }
  }
  planted.push(inEvent({ type: 'custom', name: 'Signed up', props: { phone: 40_799_314_159 } }))
  return planted

  function draw(kind: PlantKind): string {
    return plants[kind](number++)
  }
  function inEvent(fields: Fields): Planted {
    return { url: `${origin}/event/${number % 7}/`, fields }
  }
  function inPage(path: string): Planted {
    return { url: origin + path, fields: pageview({ navigation: 'navigate' }) }
  }
  function credentials(x: string): Planted {
    return { url: origin.replace('://', `://${enc(x)}:${enc(x)}@`), fields: pageview({}) }
  }
  /** The language is the batch's; `batchesOf` moves it there. */
  function language(x: string): Planted {
    return { url: `${origin}/language`, fields: pageview({ title: '', language: x }) }
  }
}

/** Names of people, in every place of which nothing at all may be kept before consent. */
export function plantedNames(origin: string): Planted[] {
  const kept = ['referrer, another scheme', 'from', 'from, no path']
  const events = Object.entries(eventPlaces).filter(([name]) => !kept.includes(name))
  const pages = Object.entries(pagePlaces).filter(([name]) =>
    /not listed|listed|search|name|own kind|source|ref|utm_/.test(name),
  )
  return [
    ...events.map(([, place], n) => ({ url: `${origin}/event/`, fields: place(personNames(n)) })),
    ...pages.map(([, place], n) => ({ url: origin + place(personNames(n)), fields: pageview({}) })),
  ]
}

const perBatch = 50

/** Batches of at most 50 events, each event on a page of its own. */
export function batchesOf(site: string, planted: readonly Planted[], consent: BatchConsent): Batch[] {
  const batches: Batch[] = []
  for (let from = 0; from < planted.length; from += perBatch) {
    batches.push(batchOf(site, planted.slice(from, from + perBatch), consent))
  }
  return batches
}

function batchOf(site: string, planted: readonly Planted[], consent: BatchConsent): Batch {
  let spoken = 'en-GB'
  const events = planted.map(({ fields }, page): Event => {
    const { language, ...rest } = fields as Fields & { language?: string }
    if (language !== undefined) spoken = language
    return { ...rest, page, seq: 0, at: 10 + page } as Event
  })
  return {
    v: 1,
    site,
    batch: newBatchId(),
    sent: 1000,
    consent,
    device: { screen: [1920, 1080], viewport: [1280, 720], language: spoken.slice(0, 35) },
    pages: planted.map(({ url }) => ({ id: newPageId(), url })),
    events,
  }
}
