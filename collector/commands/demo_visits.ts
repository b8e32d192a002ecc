// One visit to the demo site: page after page, each read for a while and left by one of its links, by going back, by a
// reload, or not at all. What a page tells meanwhile is in demo_page_events.ts.

import type { PurposeSet } from '../../contract/purposes.ts'
import { choicePage, type Leaving, type Opening, type PageShown, readPage } from './demo_page_events.ts'
import { type DemoPage, demoPage } from './demo_pages.ts'
import { type DemoPerson, type DemoSource, sources } from './demo_people.ts'
import type { Random } from './demo_random.ts'

/** What a visit is made from; `startedAt` in Unix milliseconds. */
export type Visit = { readonly person: DemoPerson; readonly startedAt: number; readonly origin: string }

const pagesMax = 10
const botPages = 3
const endsAfterPage = 0.3
const goesBack = 0.15
const reloads = 0.02
/** Of those who grant, the share that does so on the first page of this visit, and not earlier. */
const choosesNow = 0.25

export function makeVisit(random: Random, { person, startedAt, origin }: Visit): PageShown[] {
  const source = random.pick(sources)
  const shown: PageShown[] = []
  const path: DemoPage[] = []
  let page = demoPage(random.pick(source.landings).path)
  let opening = firstOpening(source, startedAt, person.purposes)
  if (person.purposes !== 0 && random.chance(choosesNow)) {
    const before = choicePage(random, page, opening, origin)
    shown.push(before.page)
    opening = { ...opening, at: before.endsAt, navigation: 'consent', arrival: undefined }
  }
  for (;;) {
    const isLast = path.length + 1 >= (person.agent.isBot === true ? botPages : pagesMax)
    const leaving = isLast ? undefined : chooseLeaving(random, page, path.at(-1))
    const read = readPage(random, page, opening, origin, leaving)
    shown.push(read.page)
    if (leaving === undefined) return shown
    path.push(page)
    const next = demoPage(leaving.to)
    opening = nextOpening(page, next, leaving, read.endsAt, person.purposes, origin)
    page = next
  }
}

function chooseLeaving(random: Random, page: DemoPage, before: DemoPage | undefined): Leaving | undefined {
  if (random.chance(endsAfterPage)) return undefined
  if (random.chance(reloads) && page.isRoute !== true) return { method: 'unknown', to: page.path }
  // Back from a route to a route is the script's own matter, and the demo keeps to documents.
  if (before !== undefined && !before.isRoute && !page.isRoute && random.chance(goesBack)) {
    return { method: 'back_forward', to: before.path }
  }
  const links = page.links.filter(({ kind }) => kind === 'internal' || kind === 'form')
  if (links.length === 0) return undefined
  const link = random.pick(links)
  return { method: link.kind === 'form' ? 'form' : 'link', to: link.href, link }
}

function firstOpening(source: DemoSource, at: number, purposes: PurposeSet): Opening {
  const { referrer, query = '' } = source
  const arrival = referrer === '' ? 'unknown' : 'link'
  return { at, query, referrer, purposes, navigation: 'navigate', arrival, from: undefined }
}

/** How the next page sees the visitor come: a document that is loaded again has no referrer any more. */
function nextOpening(
  page: DemoPage,
  next: DemoPage,
  { method }: Leaving,
  at: number,
  purposes: PurposeSet,
  origin: string,
): Opening {
  const from = withoutQuery(page.path)
  const query = next.path.split('?')[1] ?? ''
  const common = { at, query, purposes, from }
  if (method === 'back_forward') return { ...common, referrer: '', navigation: method, arrival: method }
  if (method === 'unknown') return { ...common, referrer: '', navigation: 'reload', arrival: 'reload' }
  return {
    ...common,
    referrer: origin + from,
    navigation: next.isRoute ? 'route' : 'navigate',
    arrival: 'link',
  }
}

function withoutQuery(path: string): string {
  return path.split('?')[0] ?? ''
}
