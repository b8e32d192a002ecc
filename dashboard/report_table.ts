// One report as a table: the first column names the row, numbers stand right, and behind the name is a bar as long as
// the row's first count.

import type { Report, Row } from './api.ts'
import { element } from './element.ts'
import { type Column, formatValue, headingOf, isCount, isNumeric } from './format.ts'

/** Rows shown before the reader asks for all of them. */
const rowsAtFirst = 15

export function reportTable(report: Report, title: string): HTMLElement {
  const measure = report.columns.find(isCount)
  const largest = measure ? Math.max(1, ...report.rows.map(row => numberIn(row, measure))) : 1
  const body = element('tbody')
  const rows = report.rows.map(row => tableRow(row, report.columns, measure, largest))
  body.append(...rows.slice(0, rowsAtFirst))
  const caption = element('caption', {}, `${title}, ${report.from} to ${report.to}`)
  const table = element('table', {}, caption, tableHead(report.columns), body)
  // A wide table scrolls inside its own frame; the frame takes the focus so that arrow keys can scroll it.
  const frame = element('section', { class: 'scroll', tabindex: '0', 'aria-label': `${title}, table` }, table)
  if (rows.length <= rowsAtFirst) return frame
  return element('div', {}, frame, allRowsButton(rows, body))
}

function tableHead(columns: readonly Column[]): HTMLElement {
  const row = element('tr')
  for (const column of columns)
    row.append(element('th', { scope: 'col', class: classOf(column) }, headingOf(column.name)))
  return element('thead', {}, row)
}

function tableRow(
  row: Row,
  columns: readonly Column[],
  measure: Column | undefined,
  largest: number,
): HTMLElement {
  const line = element('tr')
  for (const [index, column] of columns.entries()) {
    const text = formatValue(column, row[column.name])
    const cell =
      index === 0
        ? element('th', { scope: 'row', class: classOf(column) }, text)
        : element('td', { class: classOf(column) }, text)
    if (index === 0 && measure) addBar(cell, numberIn(row, measure) / largest)
    line.append(cell)
  }
  return line
}

/** The width is set through the object model, which a strict `style-src` allows; a style attribute it would not. */
function addBar(cell: HTMLElement, share: number): void {
  cell.classList.add('bar')
  cell.style.setProperty('--share', `${(share * 100).toFixed(1)}%`)
}

function allRowsButton(rows: readonly HTMLElement[], body: HTMLElement): HTMLElement {
  const button = element('button', { type: 'button', class: 'more' }, `Show all ${rows.length} rows`)
  button.addEventListener('click', () => {
    body.append(...rows.slice(rowsAtFirst))
    button.remove()
  })
  return button
}

function classOf(column: Column): string | undefined {
  return isNumeric(column) ? 'number' : undefined
}

function numberIn(row: Row, column: Column): number {
  const number = Number(row[column.name])
  return Number.isFinite(number) ? number : 0
}
