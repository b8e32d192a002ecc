// The page snippet.html: the line for a site's pages, and how those who work on the site keep out of its reports.

import { type Api, createApi, type Site } from './api.ts'
import { byId, element } from './element.ts'
import { askToken, token } from './token.ts'

const status = byId('status', HTMLParagraphElement)
const choice = byId('site', HTMLSelectElement)
const collector = byId('collector', HTMLInputElement)
const script = byId('script', HTMLSelectElement)

start(createApi(token, askToken)).catch(tellFailure)

async function start(api: Api): Promise<void> {
  const sites = await api.sites()
  choice.replaceChildren(...sites.map(({ id, name }) => element('option', { value: id }, name || id)))
  const asked = new URLSearchParams(location.search).get('site')
  if (sites.some(({ id }) => id === asked)) choice.value = asked ?? ''
  const show = async () => {
    const site = sites.find(({ id }) => id === choice.value)
    if (site && collector.reportValidity()) await showSite(api, site)
    else if (!site) status.textContent = 'There is no site yet: `lightfoot init` makes one.'
  }
  const form = byId('controls', HTMLFormElement)
  form.addEventListener('change', () => show().catch(tellFailure))
  form.addEventListener('submit', event => {
    event.preventDefault()
    show().catch(tellFailure)
  })
  for (const name of ['snippet', 'policy']) {
    byId(`copy-${name}`, HTMLButtonElement).addEventListener('click', () => copy(byId(name, HTMLPreElement)))
  }
  await show()
}

async function showSite(api: Api, site: Site): Promise<void> {
  const { snippet, collector: origin } = await api.snippet(site.id, collector.value, script.value === 'core')
  byId('snippet', HTMLPreElement).textContent = snippet
  byId('policy', HTMLPreElement).textContent = `script-src ${origin}; connect-src ${origin}`
  byId('addresses', HTMLUListElement).replaceChildren(...site.origins.flatMap(addresses))
  document.title = `Snippet of ${site.name || site.id} · Lightfoot`
  status.classList.remove('failure')
  status.textContent = collector.value
    ? ''
    : `${origin} is where the collector listens: say above under which address browsers reach it.`
  history.replaceState(null, '', `?${new URLSearchParams({ site: site.id })}`)
}

/** An origin for all subdomains is no address that could be opened. */
function addresses(origin: string): HTMLElement[] {
  return ['#lightfoot-off', '#lightfoot-on'].map(fragment => {
    const address = `${origin}/${fragment}`
    const link = { href: address, target: '_blank', rel: 'noopener noreferrer' }
    return element(
      'li',
      {},
      origin.includes('*') ? element('code', {}, address) : element('a', link, address),
    )
  })
}

/** Where a browser gives no clipboard (plain HTTP from another machine), the text is selected for the keyboard. */
async function copy(text: HTMLPreElement): Promise<void> {
  try {
    await navigator.clipboard.writeText(text.textContent ?? '')
    status.textContent = 'Copied.'
  } catch {
    getSelection()?.selectAllChildren(text)
    status.textContent = 'Selected: copy it with the keyboard.'
  }
}

function tellFailure(error: unknown): void {
  status.textContent = error instanceof Error ? error.message : 'The snippet could not be loaded.'
  status.classList.add('failure')
}
