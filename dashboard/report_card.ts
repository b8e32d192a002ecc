// One report on the page: its title and description, and below them one of four states: loading, failed, empty, rows.

import {
  type Api,
  type Question,
  type Report,
  type ReportFormat,
  type ReportInfo,
  reportAddress,
} from './api.ts'
import { type Arrangement, arrange, type Part } from './arrange.ts'
import { element } from './element.ts'
import { headingOf } from './format.ts'
import { reportTable } from './report_table.ts'

export type ReportCard = {
  readonly root: HTMLElement
  /** Resolves when the card shows its answer, whatever it is; an abort leaves the card to the next call. */
  load(question: Question, signal: AbortSignal): Promise<void>
}

export function reportCard(info: ReportInfo, api: Api): ReportCard {
  const body = element('div', { class: 'body' })
  /** The part that the reader chose, where one is shown at a time; it stays when the period changes. */
  let chosen = ''
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
    const table = (part: Part) => {
      const name = part.name === '' ? info.title : `${info.title} (${headingOf(part.name)})`
      return reportTable(part, `${name}, ${report.from} to ${report.to}`)
    }
    return [...tables(arrange(report), table), ...notes(report)]
  }

  function tables({ layout, parts }: Arrangement, table: (part: Part) => HTMLElement): HTMLElement[] {
    const [first] = parts
    if (layout === 'together' || first === undefined)
      return [element('div', parts.length > 1 ? { class: 'parts' } : {}, ...parts.map(table))]
    const options = parts.map(({ name }) => element('option', { value: name }, headingOf(name)))
    const choice = element('select', { id: `choice-${info.name}` }, ...options)
    const shown = element('div')
    const show = () => shown.replaceChildren(table(parts.find(({ name }) => name === choice.value) ?? first))
    if (parts.some(({ name }) => name === chosen)) choice.value = chosen
    choice.addEventListener('change', () => {
      chosen = choice.value
      show()
    })
    show()
    return [element('p', { class: 'choice' }, element('label', { for: choice.id }, 'Figure'), choice), shown]
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

/** Folded away: many reports have the same ones, and who knows them wants the figures. */
function notes(report: Report): HTMLElement[] {
  if (report.notes.length === 0) return []
  const list = element('ul', {}, ...report.notes.map(note => element('li', {}, note)))
  return [element('details', { class: 'notes' }, element('summary', {}, 'How to read this'), list)]
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
