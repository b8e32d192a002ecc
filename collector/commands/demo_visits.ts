// One visit to the demo site, as the events of its pages: page after page, each read for a while, left by one of its links
// or not at all. Times are Unix milliseconds; demo_batches.ts puts them on the page's clock.

import type { PageviewEvent } from '../../contract/events.ts'
import type { PurposeSet } from '../../contract/purposes.ts'
import { type Draft, permitted, permittedQuery, steppedDepth, steppedTime } from './demo_cells.ts'
import { type DemoLink, type DemoPage, demoPage, missingImage, searches } from './demo_pages.ts'
import { type DemoPerson, type DemoSource, sources } from './demo_people.ts'
import type { Random } from './demo_random.ts'

/** A page as it was shown once: its address and its events, in order. */
export type PageShown = {
  readonly url: string
  readonly purposes: PurposeSet
  readonly events: readonly Draft[]
}

/** What a visit is made from. */
export type Visit = { readonly person: DemoPerson; readonly startedAt: number; readonly origin: string }

/** What is known when a page opens. */
type Opening = {
  readonly at: number
  readonly query: string
  readonly referrer: string
  readonly purposes: PurposeSet
  readonly navigation: PageviewEvent['navigation']
  readonly arrival: PageviewEvent['arrival']
}

const pagesMax = 9
const leavesAfterPage = 0.32
/** Of those who grant, the share that does so on the first page of this visit, and not earlier. */
const choosesNow = 0.25

export function makeVisit(random: Random, { person, startedAt, origin }: Visit): PageShown[] {
  const source = random.pick<DemoSource & { weight: number }>(sources)
  const shown: PageShown[] = []
  let page = demoPage(random.pick(source.landings).path)
  let opening = firstOpening(source, startedAt, person.purposes)
  if (person.purposes !== 0 && random.chance(choosesNow)) {
    const before = beforeTheChoice(random, page, opening, origin)
    shown.push(before.page)
    opening = {
      ...opening,
      at: before.endsAt,
      navigation: 'consent',
      arrival: undefined,
      referrer: source.referrer,
    }
  }
  while (shown.length < pagesMax) {
    const isLast = person.agent.isBot === true ? shown.length > 2 : random.chance(leavesAfterPage)
    const next = isLast ? undefined : nextLink(random, page)
    const read = readPage(random, page, opening, origin, next)
    shown.push(read.page)
    if (next === undefined) break
    const from = page
    page = demoPage(next.href)
    const isBack = page.path === previousPath(shown, origin) && random.chance(0.5)
    opening = {
      at: read.endsAt,
      query: page.path.split('?')[1] ?? '',
      referrer: isBack ? '' : origin + pathOf(from),
      purposes: person.purposes,
      navigation: page.isRoute ? 'route' : isBack ? 'back_forward' : 'navigate',
      arrival: isBack ? 'back_forward' : 'link',
    }
  }
  return shown
}

function firstOpening(source: DemoSource, at: number, purposes: PurposeSet): Opening {
  const { referrer, query = '' } = source
  return {
    at,
    query,
    referrer,
    purposes,
    navigation: 'navigate',
    arrival: referrer === '' ? 'unknown' : 'link',
  }
}

/** The first seconds of a page until the banner is answered: counted as exempt, under a page id of its own. */
function beforeTheChoice(random: Random, page: DemoPage, opening: Opening, origin: string) {
  const at = opening.at
  const endsAt = at + random.whole(3000, 12_000)
  const events = [pageview(page, { ...opening, purposes: 0 }), timing(random, at)]
  return { page: shownPage(page, { ...opening, purposes: 0 }, origin, events), endsAt }
}

/** Everything that one page tells, from its opening to when it is left by `next`, or closed. */
function readPage(
  random: Random,
  page: DemoPage,
  opening: Opening,
  origin: string,
  next: DemoLink | undefined,
) {
  const activeMs = Math.min(random.around(page.readSeconds * 1000, 0.8), 20 * 60_000)
  const visibleMs = activeMs * (1 + random.next() * 0.4)
  const endsAt = Math.round(opening.at + visibleMs + 400)
  const isDocument = opening.navigation !== 'route' && opening.navigation !== 'consent'
  const events: Draft[] = [pageview(page, opening)]
  if (isDocument && random.chance(0.95)) events.push(timing(random, opening.at))
  events.push(
    ...failures(page, opening, origin),
    ...searched(random, page, opening),
    ...looked(page, opening),
  )
  events.push(...beside(random, page, opening.at + visibleMs / 2, origin))
  events.push(...engagement(random, page, opening, activeMs, visibleMs))
  events.push(...leaving(random, page, next, endsAt, origin))
  return { page: shownPage(page, opening, origin, events), endsAt }
}

function pageview(page: DemoPage, { at, referrer, navigation, arrival }: Opening): Draft {
  return {
    type: 'pageview',
    at,
    title: page.title,
    ...(navigation && { navigation }),
    ...(arrival && { arrival }),
    ...(referrer !== '' && { referrer }),
    ...(navigation !== 'route' && navigation !== 'consent' && { status: page.status ?? 200 }),
  }
}

function timing(random: Random, at: number): Draft {
  const isFirst = random.chance(0.4)
  const ttfb = Math.round(random.around(140, 0.7))
  const interactive = ttfb + Math.round(random.around(160, 0.6))
  const load = interactive + Math.round(random.around(220, 0.9))
  return {
    type: 'timing',
    at: at + Math.min(load, 20_000),
    dns: isFirst ? Math.round(random.around(18, 0.8)) : 0,
    connect: isFirst ? Math.round(random.around(38, 0.6)) : 0,
    tls: isFirst ? Math.round(random.around(24, 0.5)) : 0,
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
function failures(page: DemoPage, { at, navigation }: Opening, origin: string): Draft[] {
  if (navigation === 'consent') return []
  if (page.status === 404) return [{ type: 'error', at: at + 30, kind: 'page', status: 404 }]
  if (page.path !== '/demo/repairs.html') return []
  const url = origin + missingImage
  return [{ type: 'error', at: at + 350, kind: 'resource', tag: 'img', url, status: 404 }]
}

function searched(random: Random, page: DemoPage, { at }: Opening): Draft[] {
  if (page.path !== '/demo/search.html') return []
  const { term, results } = random.pick(searches)
  return [{ type: 'search', at: at + 300, term, results }]
}

function looked(page: DemoPage, { at }: Opening): Draft[] {
  if (!page.path.startsWith('/demo/kites/')) return []
  return [{ type: 'view', at: at + 50, name: page.title.split(',')[0] ?? '', group: 'Kites' }]
}

/** A click that does not leave the page: a call, a download, a colour, a letter. */
function beside(random: Random, page: DemoPage, at: number, origin: string): Draft[] {
  const stays = page.links.filter(({ kind }) => kind !== 'internal' && kind !== 'outbound' && kind !== 'form')
  if (stays.length === 0 || !random.chance(0.22)) return []
  return [clickOn(random.pick(stays), at, origin)]
}

/** Told about every 40 s and at the end, in increments; the page is seen a little deeper each time. */
function engagement(
  random: Random,
  page: DemoPage,
  opening: Opening,
  activeMs: number,
  visibleMs: number,
): Draft[] {
  const { at, purposes } = opening
  const parts = Math.min(1 + Math.floor(visibleMs / 40_000), 8)
  const deepest = Math.min(Math.max(Math.round(random.around(page.depth, 0.35)), 1), 10)
  const events: Draft[] = []
  let active = { told: 0, carried: random.next() * 5000 }
  let visible = { told: 0, carried: active.carried }
  let seen = 0
  for (let part = 1; part <= parts; part++) {
    active = steppedTime(Math.round(activeMs / parts), active.carried, purposes)
    visible = steppedTime(Math.round(visibleMs / parts), visible.carried, purposes)
    const depth = steppedDepth(Math.max(1, Math.round((deepest * part) / parts)), purposes)
    const scroll: [number, number] | undefined = depth > seen ? [seen + 1, depth] : undefined
    seen = Math.max(seen, depth)
    if (visible.told === 0 && scroll === undefined) continue
    const toldAt = Math.round(at + (visibleMs * part) / parts)
    const times = { activeMs: Math.floor(active.told), visibleMs: Math.floor(visible.told) }
    events.push({ type: 'engagement', at: toldAt, ...times, ...(scroll && { scroll }) })
  }
  return events
}

/** The last click, and the exit as the page can see it. A client-side route leaves no document. */
function leaving(
  random: Random,
  page: DemoPage,
  next: DemoLink | undefined,
  at: number,
  origin: string,
): Draft[] {
  const host = new URL(origin).host
  if (next === undefined) {
    const out = page.links.filter(({ kind }) => kind === 'outbound')
    if (out.length > 0 && random.chance(0.25)) {
      const link = random.pick(out)
      const target = new URL(link.href).host
      return [clickOn(link, at - 100, origin), { type: 'exit', at, method: 'link', target }]
    }
    // A phone that is put away often never says goodbye.
    return random.chance(0.8) ? [{ type: 'exit', at, method: 'unknown' }] : []
  }
  const click = next.kind === 'form' ? [] : [clickOn(next, at - 120, origin)]
  if (next.kind === 'form') {
    return [
      { type: 'form', at: at - 60, form: next.target, outcome: 'submit', fields: 4 },
      { type: 'exit', at, method: 'form', target: host },
    ]
  }
  if (demoPage(next.href).isRoute) return click
  return [...click, { type: 'exit', at, method: 'link', target: host }]
}

function clickOn({ kind, href, target }: DemoLink, at: number, origin: string): Draft {
  const named = target === '' ? {} : { target }
  const address = href.startsWith('/')
    ? { href: origin + href.split('?')[0] }
    : /^(http|tel)/.test(href)
      ? { href }
      : {}
  return { type: 'click', at, kind: kind === 'form' ? 'button' : kind, ...named, ...address }
}

function nextLink(random: Random, page: DemoPage): DemoLink | undefined {
  const links = page.links.filter(({ kind }) => kind === 'internal' || kind === 'form')
  return links.length === 0 ? undefined : random.pick(links)
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
  return { url: origin + pathOf(page) + (kept === '' ? '' : `?${kept}`), purposes, events }
}

function previousPath(shown: readonly PageShown[], origin: string): string {
  return shown.at(-2)?.url.slice(origin.length).split('?')[0] ?? ''
}

function pathOf({ path }: DemoPage): string {
  return path.split('?')[0] ?? ''
}
