// What one page of the demo site tells while it is read: the events of a real page, under its visitor's consent. Times are
// Unix milliseconds; demo_batches.ts puts them on the page's own clock.

import type { PageviewEvent } from '../../contract/events.ts'
import type { PurposeSet } from '../../contract/purposes.ts'
import { engagementStepMs } from '../../contract/steps.ts'
import { type Draft, permitted, permittedQuery, steppedDepth, steppedTime } from './demo_cells.ts'
import { type DemoLink, type DemoPage, demoPage, missingImage, searches } from './demo_pages.ts'
import type { Random } from './demo_random.ts'

/** A page as it was shown once: its address and its events, in order. */
export type PageShown = {
  readonly url: string
  readonly purposes: PurposeSet
  readonly events: readonly Draft[]
}

/** What is known when a page opens. */
export type Opening = {
  readonly at: number
  readonly query: string
  readonly referrer: string
  readonly from: string | undefined
  readonly purposes: PurposeSet
  readonly navigation: Exclude<PageviewEvent['navigation'], undefined>
  readonly arrival: PageviewEvent['arrival']
}

/** How a page is left for another one of the site. */
export type Leaving = {
  readonly method: 'link' | 'form' | 'back_forward' | 'unknown'
  readonly to: string
  readonly link?: DemoLink
}

/** A page and when it was left. */
export type PageRead = { readonly page: PageShown; readonly endsAt: number }

/** Nobody reads a page of this site for longer. */
const readMsMax = 20 * 60_000

/** The first seconds of a page, until the banner is answered: exempt, under a page id of its own. */
export function choicePage(random: Random, page: DemoPage, opening: Opening, origin: string): PageRead {
  const before = { ...opening, purposes: 0 }
  const events = [pageview(page, before), timing(random, before.at)]
  return { page: shownPage(page, before, origin, events), endsAt: before.at + random.whole(3000, 12_000) }
}

/** Everything that a page tells, from its opening until it is left, or closed when `leaving` is undefined. */
export function readPage(
  random: Random,
  page: DemoPage,
  opening: Opening,
  origin: string,
  leaving: Leaving | undefined,
): PageRead {
  const activeMs = Math.min(random.around(page.readSeconds * 1000, 0.8), readMsMax)
  const visibleMs = activeMs * (1 + random.next() * 0.4)
  const endsAt = Math.round(opening.at + visibleMs + 400)
  const isDocument = opening.navigation !== 'route' && opening.navigation !== 'consent'
  const events = [
    pageview(page, opening),
    // A visitor who is gone before the load event leaves no timing.
    ...(isDocument && random.chance(0.95) ? [timing(random, opening.at)] : []),
    ...(isDocument ? failures(page, opening.at, origin) : []),
    ...searched(random, page, opening.at),
    ...looked(page, opening.at),
    ...clickedBeside(random, page, opening.at + visibleMs / 2, origin),
    ...engagement(random, page, opening, activeMs, visibleMs),
    ...(leaving ? leftFor(leaving, endsAt, origin) : closed(random, page, endsAt, origin)),
  ]
  return { page: shownPage(page, opening, origin, events), endsAt }
}

function pageview(page: DemoPage, { at, referrer, from, navigation, arrival }: Opening): Draft {
  const isDocument = navigation !== 'route' && navigation !== 'consent'
  return {
    type: 'pageview',
    at,
    title: page.title,
    navigation,
    ...(arrival && { arrival }),
    ...(referrer !== '' && { referrer }),
    ...(from !== undefined && { from }),
    ...(isDocument && { status: page.status ?? 200 }),
  }
}

function timing(random: Random, at: number): Draft {
  // Later pages come over the connection of the first.
  const isConnecting = random.chance(0.4)
  const ttfb = Math.round(random.around(140, 0.7))
  const interactive = ttfb + Math.round(random.around(160, 0.6))
  const load = interactive + Math.round(random.around(220, 0.9))
  return {
    type: 'timing',
    at: at + Math.min(load, 20_000),
    dns: isConnecting ? Math.round(random.around(18, 0.8)) : 0,
    connect: isConnecting ? Math.round(random.around(38, 0.6)) : 0,
    tls: isConnecting ? Math.round(random.around(24, 0.5)) : 0,
    request: Math.round(ttfb * 0.7),
    response: Math.round(random.around(12, 0.9)),
    ttfb,
    interactive,
    dcl: interactive + random.whole(2, 30),
    load,
    bytes: random.whole(3000, 24_000),
    protocol: random.chance(0.8) ? 'h2' : 'h3',
  }
}

/** The two faults that the site has on purpose. */
function failures(page: DemoPage, at: number, origin: string): Draft[] {
  if (page.status === 404) return [{ type: 'error', at: at + 30, kind: 'page', status: 404 }]
  if (page.path !== '/demo/repairs.html') return []
  const url = origin + missingImage
  return [{ type: 'error', at: at + 350, kind: 'resource', tag: 'img', url, status: 404 }]
}

function searched(random: Random, page: DemoPage, at: number): Draft[] {
  if (page.path !== '/demo/search.html') return []
  const { term, results } = random.pick(searches)
  return [{ type: 'search', at: at + 300, term, results }]
}

function looked(page: DemoPage, at: number): Draft[] {
  if (!page.path.startsWith('/demo/kites/')) return []
  return [{ type: 'view', at: at + 50, name: page.title.split(',')[0] ?? '', group: 'Kites' }]
}

/** A click that does not leave the page: a call, a download, a colour, a letter. */
function clickedBeside(random: Random, page: DemoPage, at: number, origin: string): Draft[] {
  const links = page.links.filter(({ kind }) => !['internal', 'outbound', 'form'].includes(kind))
  return links.length > 0 && random.chance(0.22) ? [clickOn(random.pick(links), at, origin)] : []
}

/** Told about every 40 s and at the end, in increments; each time a little more of the page has been seen. */
function engagement(
  random: Random,
  page: DemoPage,
  { at, purposes }: Opening,
  activeMs: number,
  visibleMs: number,
): Draft[] {
  const parts = Math.min(1 + Math.floor(visibleMs / 40_000), 8)
  const deepest = Math.min(Math.max(Math.round(random.around(page.depth, 0.35)), 1), 10)
  const events: Draft[] = []
  let active = { told: 0, carried: random.next() * engagementStepMs }
  let visible = { told: 0, carried: active.carried }
  let seen = 0
  for (let part = 1; part <= parts; part++) {
    active = steppedTime(activeMs / parts, active.carried, purposes)
    visible = steppedTime(visibleMs / parts, visible.carried, purposes)
    const depth = steppedDepth(Math.max(1, Math.round((deepest * part) / parts)), purposes)
    if (visible.told === 0 && depth <= seen) continue
    const scroll: [number, number] | undefined = depth > seen ? [seen + 1, depth] : undefined
    seen = Math.max(seen, depth)
    const times = { activeMs: active.told, visibleMs: visible.told }
    events.push({
      type: 'engagement',
      at: at + (visibleMs * part) / parts,
      ...times,
      ...(scroll && { scroll }),
    })
  }
  return events
}

/** The click that leads on, and the exit as the page can see it. A client-side route leaves no document. */
function leftFor({ method, to, link }: Leaving, at: number, origin: string): Draft[] {
  const { host } = new URL(origin)
  const exit: Draft = { type: 'exit', at, method, ...(method !== 'unknown' && { target: host }) }
  if (link === undefined) return [exit]
  if (method === 'form')
    return [{ type: 'form', at: at - 60, form: link.target, outcome: 'submit', fields: 4 }, exit]
  const click = clickOn(link, at - 120, origin)
  return demoPage(to).isRoute ? [click] : [click, exit]
}

/** By a link to another site, or in a way that a page cannot see. */
function closed(random: Random, page: DemoPage, at: number, origin: string): Draft[] {
  const out = page.links.filter(({ kind }) => kind === 'outbound')
  if (out.length > 0 && random.chance(0.25)) {
    const link = random.pick(out)
    const exit: Draft = { type: 'exit', at, method: 'link', target: new URL(link.href).host }
    return [clickOn(link, at - 100, origin), exit]
  }
  // A phone that is put away often never says goodbye.
  return random.chance(0.8) ? [{ type: 'exit', at, method: 'unknown' }] : []
}

/** Never an address of mail; a link's own address without its query. */
function clickOn({ kind, href, target }: DemoLink, at: number, origin: string): Draft {
  const isTold = kind === 'tel' || kind === 'outbound' || href.startsWith('/')
  return {
    type: 'click',
    at,
    kind: kind === 'form' ? 'button' : kind,
    ...(target !== '' && { target }),
    ...(isTold && { href: href.startsWith('/') ? origin + href.split('?')[0] : href }),
  }
}

function shownPage(
  page: DemoPage,
  { query, purposes }: Opening,
  origin: string,
  drafts: readonly Draft[],
): PageShown {
  const kept = permittedQuery(query, purposes)
  const events = drafts
    .map(event => permitted({ ...event, at: Math.round(event.at) }, purposes))
    .filter(event => event !== undefined)
    .sort((a, b) => a.at - b.at)
  return { url: origin + page.path.split('?')[0] + (kept === '' ? '' : `?${kept}`), purposes, events }
}
