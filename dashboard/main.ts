// The dashboard's entry: which sites and reports there are, then every report of the chosen site and period.

import { type Api, createApi, type ReportInfo } from './api.ts'
import { type Choice, showControls } from './controls.ts'
import { byId, element } from './element.ts'
import { type ReportCard, reportCard } from './report_card.ts'
import { askToken, token } from './token.ts'

/** Reports asked for at the same time: the engine answers from two cores beside its other work. */
const requestsMax = 3

const status = byId('status', HTMLParagraphElement)

start(createApi(token, askToken)).catch(error => {
  status.textContent = `The dashboard could not be loaded: ${error instanceof Error ? error.message : 'unknown error'}`
  status.classList.add('failure')
})

async function start(api: Api): Promise<void> {
  const [sites, reports] = await Promise.all([api.sites(), api.reports()])
  const [first, ...rest] = sites
  if (first === undefined) {
    status.textContent = 'There is no site yet: `lightfoot init` makes one.'
    return
  }
  status.textContent = ''
  const cards = reports.map(info => reportCard(info, api))
  byId('reports', HTMLElement).append(...cards.map(card => card.root))
  byId('contents', HTMLUListElement).append(...reports.map(contentsLine))
  let current = new AbortController()
  showControls(byId('controls', HTMLFormElement), [first, ...rest], Date.now, choice => {
    current.abort()
    current = new AbortController()
    byId('to-snippet', HTMLAnchorElement).search = `?${new URLSearchParams({ site: choice.site.id })}`
    document.title = `${choice.site.name || choice.site.id} · Lightfoot`
    loadAll(cards, reports, choice, current.signal)
  })
}

/** A few at a time, in the order of the page. A card shows its own failure, so none stops the others. */
async function loadAll(
  cards: readonly ReportCard[],
  reports: readonly ReportInfo[],
  { site, from, to }: Choice,
  signal: AbortSignal,
): Promise<void> {
  status.textContent = 'Loading reports…'
  const waiting = cards.map((card, index) => ({ card, name: reports[index]?.name ?? '' })).values()
  const worker = async () => {
    for (const { card, name } of waiting) {
      if (signal.aborted) return
      await card.load({ name, site: site.id, from, to }, signal)
    }
  }
  await Promise.all(Array.from({ length: requestsMax }, worker))
  if (!signal.aborted) status.textContent = `${reports.length} reports, ${from} to ${to}.`
}

function contentsLine({ name, title }: ReportInfo): HTMLElement {
  return element('li', {}, element('a', { href: `#report-${name}` }, title))
}
