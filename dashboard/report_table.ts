// One table: the first column names the row, numbers stand right, and behind the name is a bar as long as the row's first
// count. On a phone a row becomes a small block (style.css), so that its numbers stay in sight: `data-label` is a cell's
// heading there, and the roles are repeated because Safari forgets them where a table is laid out as something else.

import type { Row } from './api.ts'
import type { Part } from './arrange.ts'
import { element } from './element.ts'
import { type Column, formatValue, headingOf, isCount, isNumeric, nothing } from './format.ts'

/** Rows shown before the reader asks for all of them. */
const rowsAtFirst = 10
/** More numbers than this do not fit below each other's headings on a phone: the table scrolls there. */
const numbersMax = 5
/** Longer texts are cut after three lines, and whole in their title. */
const lengthMax = 90

export function reportTable({ columns, rows }: Part, caption: string): HTMLElement {
  const measure = columns.find(isCount)
  const largest = measure ? Math.max(1, ...rows.map(row => numberIn(row, measure))) : 1
  const body = element('tbody', { role: 'rowgroup' })
  const draw = (row: Row) => tableRow(row, columns, measure && numberIn(row, measure) / largest)
  body.append(...rows.slice(0, rowsAtFirst).map(draw))
  const numbers = columns.filter(isNumeric).length
  const table = element(
    'table',
    { role: 'table', class: numbers > numbersMax ? 'wide' : numbers > 2 ? 'blocks many' : 'blocks' },
    element('caption', {}, caption),
    tableHead(columns),
    body,
  )
  table.style.setProperty('--numbers', String(numbers))
  // Where a table is still too wide it scrolls inside its own frame, which takes the focus so that arrow keys can scroll it.
  const frame = element('section', { class: 'scroll', tabindex: '0', 'aria-label': caption }, table)
  const shown = element('div', {}, frame)
  if (rows.length > rowsAtFirst) {
    const button = element('button', { type: 'button', class: 'more' }, `Show all ${rows.length} rows`)
    button.addEventListener('click', () => {
      body.append(...rows.slice(rowsAtFirst).map(draw))
      frame.focus()
      button.remove()
    })
    shown.append(button)
  }
  return shown
}

function tableHead(columns: readonly Column[]): HTMLElement {
  const row = element('tr', { role: 'row' })
  for (const column of columns) {
    const attributes = { scope: 'col', role: 'columnheader', class: isNumeric(column) ? 'number' : undefined }
    row.append(element('th', attributes, headingOf(column.name)))
  }
  return element('thead', { role: 'rowgroup' }, row)
}

function tableRow(row: Row, columns: readonly Column[], share: number | undefined): HTMLElement {
  const line = element('tr', { role: 'row' })
  for (const [index, column] of columns.entries()) {
    const text = formatValue(column, row[column.name])
    const cell =
      index === 0 ? element('th', { scope: 'row', role: 'rowheader' }) : element('td', { role: 'cell' })
    cell.append(
      ...(text.length > lengthMax ? [element('span', { class: 'cut', title: text }, text)] : breakable(text)),
    )
    if (isNumeric(column)) cell.classList.add('number')
    else cell.dataset.label = headingOf(column.name)
    if (text === nothing) cell.classList.add('nothing')
    if (index === 0 && share !== undefined) tint(cell, 'bar', share)
    if (/^\d+_share$/.test(column.name)) tint(cell, 'heat', numberIn(row, column))
    line.append(cell)
  }
  return line
}

/** A long path is broken after a slash rather than anywhere. */
function breakable(text: string): (string | HTMLElement)[] {
  return text.split(/(?<=\/)(?=.)/).flatMap((piece, at) => (at === 0 ? [piece] : [element('wbr'), piece]))
}

/** The share is set through the object model, which a strict `style-src` allows; a style attribute it would not. */
function tint(cell: HTMLElement, kind: 'bar' | 'heat', share: number): void {
  cell.classList.add(kind)
  cell.style.setProperty('--share', `${(share * 100).toFixed(1)}%`)
}

function numberIn(row: Row, column: Column): number {
  const number = Number(row[column.name])
  return Number.isFinite(number) ? number : 0
}
