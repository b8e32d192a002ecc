// /privacy: what is collected on the sites of this collector, for people. Made from the consent matrix and the live
// configuration, so it says what the gate does and cannot fall behind it. Plain HTML, no script, readable at any width.

import { matrix } from '../../contract/matrix.ts'
import type { Config, Site } from '../config/config.ts'
import { escapeHtml as text } from './escape_html.ts'
import { privacyStyle } from './privacy_style.ts'
import { fieldNames, purposeWords } from './privacy_words.ts'

/** One page for all sites, or for the one that is asked for. */
export function privacyPage({ controller }: Config, sites: readonly Site[]): string {
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
<p class="lead">${text(controller.name || 'The operator of the sites below')} counts visits with Lightfoot, to see what is read
and what does not work. Full internet addresses and what you type into forms are never kept, and you are not followed to
other sites.</p>
<p>Contact for questions and objections: ${contact(controller.contact)}</p>
${sites.map(siteSection).join('\n')}
<p class="soft">This page is made from the running configuration: it says what the service does now.</p>
</main>
</body>
</html>
`
}

/** `privacy@example.com` becomes a link to write to; anything else stays a text. */
function contact(given: string): string {
  if (given === '') return 'as each site names it.'
  const shown = text(given)
  return /^[^\s@<>"&?]+@[^\s@<>"&?]+$/.test(given) ? `<a href="mailto:${shown}">${shown}</a>` : shown
}

function siteSection(site: Site): string {
  const id = `site-${text(site.id)}`
  return `<section aria-labelledby="${id}">
<h2 id="${id}">${text(site.name)}</h2>
<p class="soft">${site.origins.map(origin => text(origin)).join(', ')} · version ${site.policy} of the privacy policy</p>
<h3>Why, and on what legal basis</h3>
${basis(site)}
<ul>
${Object.values(purposeWords)
  .map(({ name, about }) => `<li><strong>${name}</strong>: ${about}.</li>`)
  .join('\n')}
</ul>
<h3>Your internet address</h3>
<p>It is used for a moment, in memory, to find the country and a number that tells visitors apart for one day. Then it is
forgotten. The key behind that number is destroyed two hours after the day ends, and from then on nobody can tell whose
number it was.</p>
<h3>On your device</h3>
${device(site)}
<h3>For how long</h3>
${retention(site)}
<h3>How to object, and your rights</h3>
${objection(site)}
<h3>Every field in detail</h3>
<table class="fields">
<thead><tr><th scope="col">What</th>${site.mode === 'exempt' ? '<th scope="col">Without your consent</th>' : ''}<th scope="col">With your consent</th><th scope="col">To this purpose</th></tr></thead>
<tbody>
${matrixRows(site)}
</tbody>
</table>
</section>`
}

function basis(site: Site): string {
  const consent =
    'your consent (Article 6(1)(a) GDPR), to each of these purposes alone. You can withdraw it at any time:'
  if (site.mode === 'strict') {
    return `<p><strong>Nothing is collected before you consent.</strong> The only basis is ${consent}</p>`
  }
  return `<p><strong>Without asking you</strong>, the audience of the site is counted, in coarse steps, in its interest of knowing
whether its pages work (Article 6(1)(f) GDPR). It is used for nothing else.</p>
<p><strong>Only if you agree</strong>, more is kept. The basis is ${consent}</p>`
}

function device(site: Site): string {
  const before =
    site.mode === 'strict'
      ? 'Before you choose, nothing is stored.'
      : 'Counting without consent stores nothing.'
  return `<p>${before} If you consent, your choice is kept in the browser’s local storage (<code>lightfoot</code>), together with
the random number if you agree to be recognised${site.tcf ? ' and with what the site’s consent dialogue said' : ''}. If you object, the cookie <code>lightfoot_off=1</code> says so, and all else
is removed.</p>`
}

function retention({ mode, retention, minimumGroup }: Site): string {
  const days = `${retention.grantedDays} days with consent`
  const few =
    minimumGroup > 1 ? ` In reports, groups of fewer than ${minimumGroup} visitors are not shown alone.` : ''
  return `<ul>
<li>Single events: ${mode === 'exempt' ? `${retention.exemptDays} days without consent, ` : ''}${days}.</li>
<li>Totals that name nobody: ${retention.rollupMonths} months.${few}</li>
</ul>`
}

function objection(site: Site): string {
  const gpc =
    site.gpc === 'objection'
      ? 'nothing is collected at all.'
      : 'nothing is given to others, and unless you later choose otherwise, you are not recognised when you return and campaigns are not attributed to you.'
  return `<ul>
<li>Use the privacy choices of the site, or open any of its pages with <code>#lightfoot-off</code> at the end of the address. From
then on nothing is sent.</li>
<li>If your browser sends Global Privacy Control or Do Not Track, ${gpc}</li>
<li>Or write to the contact above: to object, or to ask for access, correction or erasure. You may also complain to a data
protection authority.</li>
</ul>`
}

function matrixRows(site: Site): string {
  const rows = Object.entries(matrix) as [keyof typeof matrix, (typeof matrix)[keyof typeof matrix]][]
  return rows
    .map(([field, { exempt, granted, purpose }]) => {
      const before = site.mode === 'exempt' ? cell('Without your consent', exempt) : ''
      // `and major version` goes on from what is kept anyway.
      const whole = granted.startsWith('and ') ? `${exempt}, ${granted}` : granted
      const name = purpose === null ? 'Any' : purposeWords[purpose].name
      return `<tr><th scope="row">${fieldNames[field]}</th>${before}${cell('With your consent', whole)}${cell('Purpose', name)}</tr>`
    })
    .join('\n')
}

/** The label stands before the value where a phone leaves no place for columns. */
function cell(label: string, value: string): string {
  return `<td data-label="${label}"${value === 'nothing' ? ' class="none"' : ''}>${text(value)}</td>`
}
