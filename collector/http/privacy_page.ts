// /privacy: what is collected on the sites of this collector, for people. Made from the consent matrix and the live
// configuration, so it says what the gate does and cannot fall behind it. Plain HTML, no script, readable at any width.

import { matrix } from '../../contract/matrix.ts'
import type { Purpose } from '../../contract/purposes.ts'
import type { Config, Site } from '../config/config.ts'
import { escapeHtml as text } from './escape_html.ts'

export const privacyStyle = `
:root { color-scheme: light dark; font: 1rem/1.55 system-ui, sans-serif }
body { max-width: 48rem; margin: 2rem auto; padding: 0 1rem }
h2 { margin-top: 2.5rem }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem; border-bottom: 1px solid #8886 }
.wide { overflow-x: auto }
`

const fieldNames: Readonly<Record<keyof typeof matrix, string>> = {
  address: 'Internet address',
  country: 'Country',
  time: 'Time',
  url: 'Address of the page',
  title: 'Title of the page',
  view: 'Service or product viewed',
  custom: 'Events of the site',
  referrer: 'Page you came from',
  campaign: 'Campaign',
  search: 'Search on the site',
  agent: 'Browser, system and device',
  screen: 'Screen',
  language: 'Language',
  timing: 'Response times',
  vital: 'Loading experience',
  error: 'Errors and failed downloads',
  engagement: 'Time engaged with a page',
  scroll: 'Scrolling',
  click: 'Clicks',
  hover: 'Mouse-overs',
  form: 'Forms (never what is typed)',
  exit: 'How a page is left',
  page: 'Number of the page visit',
  visitor: 'Visitor',
  dialled: 'Phone number dialled from the site',
  disclosure: 'Given to others',
}

const purposeTexts: Readonly<Record<Purpose, string>> = {
  statistics: 'detailed statistics',
  behaviour: 'how pages are used',
  performance: 'speed and faults',
  identity: 'recognising a returning visitor',
  campaigns: 'success of campaigns',
  calls: 'phone calls',
  disclosure: 'giving data to named recipients',
}

/** One page for all sites, or for the one that is asked for. */
export function privacyPage(config: Config, sites: readonly Site[]): string {
  const { name, contact } = config.controller
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>What is collected here</title>
<style>${privacyStyle}</style>
</head>
<body>
<main>
<h1>What is collected here</h1>
<p>${text(name || 'The operator of the sites below')} counts visits with Lightfoot. Questions, access, erasure and
objections: <strong>${text(contact || 'the contact that each site names')}</strong>. This page is made from the running configuration.</p>
${sites.map(siteSection).join('\n')}
</main>
</body>
</html>
`
}

function siteSection(site: Site): string {
  const id = `site-${text(site.id)}`
  return `<section aria-labelledby="${id}">
<h2 id="${id}">${text(site.name)}</h2>
<p>Sites: ${site.origins.map(origin => text(origin)).join(', ')}. Version ${site.policy} of the privacy policy.</p>
<h3>Why, and on what legal basis</h3>
${basis(site)}
<h3>What is kept</h3>
<div class="wide" role="region" aria-label="What is kept on ${text(site.name)}" tabindex="0">
<table>
<thead><tr><th scope="col">What</th>${site.mode === 'exempt' ? '<th scope="col">Without your consent</th>' : ''}
<th scope="col">With your consent</th><th scope="col">to this purpose</th></tr></thead>
<tbody>
${matrixRows(site)}
</tbody>
</table>
</div>
<p>Your internet address is used for a moment, in memory, to find the country and a number that tells visitors apart for
one day; then it is forgotten.</p>
<h3>For how long</h3>
<p>Single events: ${site.mode === 'exempt' ? `${site.retention.exemptDays} days without consent, ` : ''}${site.retention.grantedDays} days with consent.
Totals that name nobody: ${site.retention.rollupMonths} months. The key that tells visitors apart within a day is destroyed two hours after the day.</p>
<h3>How to object</h3>
${objection(site)}
</section>`
}

function basis(site: Site): string {
  const consented = Object.values(purposeTexts).join(', ')
  const consent = `<p>With your consent (Article 6(1)(a) GDPR), which you can withdraw at any time, for each of these purposes alone: ${consented}.</p>`
  if (site.mode === 'strict') return `<p>Nothing is collected before you consent.</p>${consent}`
  return `<p>Counting the audience of the site, in its interest of knowing whether its pages work (Article 6(1)(f) GDPR). Nothing is
written to your device for it, and it is used for nothing else.</p>${consent}`
}

function matrixRows(site: Site): string {
  const rows = Object.entries(matrix) as [keyof typeof matrix, (typeof matrix)[keyof typeof matrix]][]
  return rows
    .map(([field, row]) => {
      const exempt = site.mode === 'exempt' ? `<td>${text(row.exempt)}</td>` : ''
      const purpose = row.purpose === null ? 'any' : purposeTexts[row.purpose]
      return `<tr><th scope="row">${fieldNames[field]}</th>${exempt}<td>${text(row.granted)}</td><td>${purpose}</td></tr>`
    })
    .join('\n')
}

function objection(site: Site): string {
  const gpc =
    site.gpc === 'objection'
      ? 'If your browser sends Global Privacy Control or Do Not Track, nothing is collected at all.'
      : 'If your browser sends Global Privacy Control or Do Not Track, you are not recognised when you return, campaigns are not attributed to you, and nothing is given to others.'
  return `<ul>
<li>${gpc}</li>
<li>Use the privacy choices of the site: an objection is kept as the cookie <code>lightfoot_off=1</code>, and from then on nothing is sent.</li>
<li>Or write to the contact above.</li>
</ul>`
}
