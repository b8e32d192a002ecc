// One report on the page: its title and description, and below them one of four states: loading, failed, empty, rows.

import {
  type Api,
  type Question,
  type Report,
  type ReportFormat,
  type ReportInfo,
  reportAddress,
} from './api.ts'
import { element } from './element.ts'
import { reportTable } from './report_table.ts'

export type ReportCard = {
  readonly root: HTMLElement
  /** Resolves when the card shows its answer, whatever it is; an abort leaves the card to the next call. */
  load(question: Question, signal: AbortSignal): Promise<void>
}

export function reportCard(info: ReportInfo, api: Api): ReportCard {
  const body = element('div', { class: 'body' })
  const links = element('p', { class: 'links' })
  const heading = element('h2', { id: `report-${info.name}`, tabindex: '-1' }, info.title)
  const head = element('div', { class: 'head' }, heading, links)
  const root = element(
    'section',
    { 'aria-labelledby': heading.id },
    head,
    element('p', { class: 'about' }, info.description),
    body,
  )

  async function load(question: Question, signal: AbortSignal): Promise<void> {
    root.setAttribute('aria-busy', 'true')
    links.replaceChildren(fileLink('csv', question), ' ', fileLink('json', question))
    if (body.childElementCount === 0) body.replaceChildren(element('p', { class: 'quiet' }, 'Loading…'))
    try {
      const report = await api.report(question, signal)
      body.replaceChildren(...answer(report))
    } catch (error) {
      if (signal.aborted) return
      body.replaceChildren(failure(error, () => load(question, signal)))
    }
    root.removeAttribute('aria-busy')
  }

  function answer(report: Report): HTMLElement[] {
    if (report.rows.length === 0)
      return [element('p', { class: 'quiet' }, 'Nothing in this period.'), ...notes(report)]
    return [reportTable(report, info.title), ...notes(report)]
  }

  function fileLink(format: ReportFormat, question: Question): HTMLElement {
    const name = `${question.name}-${question.site}-${question.from}-${question.to}.${format}`
    const label = `${info.title} as ${format.toUpperCase()}`
    const link = element(
      'a',
      { href: reportAddress(question, format), download: name, 'aria-label': label },
      format.toUpperCase(),
    )
    link.addEventListener('click', event => {
      event.preventDefault()
      // Fetched, not followed: a link cannot carry the token.
      api.file(question, format).then(
        file => saveFile(file, name),
        error => body.prepend(failure(error)),
      )
    })
    return link
  }

  return { root, load }
}

function notes(report: Report): HTMLElement[] {
  if (report.notes.length === 0) return []
  return [element('ul', { class: 'notes' }, ...report.notes.map(note => element('li', {}, note)))]
}

function failure(error: unknown, again?: () => void): HTMLElement {
  const message = error instanceof Error ? error.message : 'The report could not be loaded.'
  const shown = element('p', { class: 'failure', role: 'alert' }, message, ' ')
  if (again) {
    const button = element('button', { type: 'button' }, 'Try again')
    button.addEventListener('click', again)
    shown.append(button)
  }
  return shown
}

function saveFile(file: Blob, name: string): void {
  const address = URL.createObjectURL(file)
  element('a', { href: address, download: name }).click()
  // The browser reads the address after the click has returned.
  setTimeout(() => URL.revokeObjectURL(address), 10_000)
}
