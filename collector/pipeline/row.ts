// Anonymous ▸ Row: finished lines of ClickHouse TabSeparated, so that nothing after this has to understand them. What a
// batch and a page have in common is written once for all their rows; of an event, only the columns of its type.

import type { EventType } from '../../contract/events.ts'
import {
  type BatchCells,
  type Cell,
  columnsOfType,
  type EventCells,
  type EventColumn,
  emptyBatchCells,
  emptyMomentCells,
  emptyPageCells,
  type MomentCells,
  type PageCells,
} from './cells.ts'
import { columnsByRowVersion, loadDigits, rowVersion } from './row_columns.ts'
import type { Anonymous } from './stages.ts'

/** The column `load` as the spool has it; the loader fills the digits in. */
const loadPlaceholder = '0'.repeat(loadDigits)

/** Columns whose empty value is 0; that of all others is ''. */
const numbers = new Set<string>(
  `status active_ms visible_ms scroll_from scroll_to duration_ms amount value line redirect_ms dns_ms connect_ms tls_ms
  request_ms response_ms ttfb_ms interactive_ms dcl_ms load_ms transfer_bytes`.split(/\s+/),
)

type Part = 'batch' | 'page' | 'moment' | 'event'
type Run = { readonly part: Part; readonly columns: readonly string[] }

const columns = columnsByRowVersion.get(rowVersion) ?? []
const runs = runsOf(columns.slice(1))

/**
 * The columns that the functions below write, run by run, before those of the event. Written out, because a value that is
 * looked up by its column's name takes V8 ten times as long as one that the code names.
 */
const written = [
  'site received',
  'day hour time expires type',
  'channel consent purposes policy',
  'visitor identity page seq',
  'country prefix browser browser_version system system_version device screen language',
  'host path parameters page_group',
]
const eventColumns = runs.at(-1)?.columns ?? []
if (runs.slice(0, -1).some((run, index) => run.columns.join(' ') !== written[index]))
  throw new Error('row.ts writes the columns of another row version')

/** All rows of a batch, each ended by a newline. */
export function encodeRows({ batch, events }: Anonymous): string {
  const head = `${loadPlaceholder}\t${escapeCell(batch.site)}\t${batch.received}`
  const consent = `\t${batch.channel}\t${batch.consent}\t${batch.purposes}\t${batch.policy}`
  const client = encodeClient(batch)
  let page: PageCells | undefined
  let tail = ''
  let text = ''
  for (const event of events) {
    // Events come page by page, so what was written for the last one's page is all that is worth keeping.
    if (event.page !== page) {
      page = event.page
      tail = client + encodePage(page)
    }
    text += `${head}${when(event.moment)}${consent}${who(event.moment)}${tail}${encodeEvent(event.type, event.cells)}\n`
  }
  return text
}

function encodeClient(batch: BatchCells): string {
  const agent = `\t${escapeCell(batch.browser)}\t${escapeCell(batch.browser_version)}`
  const system = `\t${escapeCell(batch.system)}\t${escapeCell(batch.system_version)}\t${escapeCell(batch.device)}`
  const screen = `\t${escapeCell(batch.screen)}\t${escapeCell(batch.language)}`
  return `\t${escapeCell(batch.country)}\t${escapeCell(batch.prefix)}${agent}${system}${screen}`
}

function encodePage({ host, page_group, parameters, path }: PageCells): string {
  const where = `\t${escapeCell(host)}\t${escapeCell(path)}`
  return `${where}\t${escapeCell(parameters)}\t${escapeCell(page_group)}`
}

/** Digits, days and names of our own making hold nothing to escape. */
function when({ day, expires, hour, time, type }: MomentCells): string {
  return `\t${day}\t${hour}\t${time}\t${expires}\t${type}`
}

function who({ identity, page, seq, visitor }: MomentCells): string {
  return `\t${visitor}\t${identity}\t${page}\t${seq}`
}

/** The empty columns between two filled ones are the same for all events of a type, so they are joined once. */
type Layout = { readonly filled: readonly { gap: string; column: EventColumn }[]; readonly rest: string }

const layouts = new Map<EventType, Layout>()

function encodeEvent(type: EventType, cells: EventCells): string {
  const { filled, rest } = layoutOf(type)
  let text = ''
  for (const { gap, column } of filled) text += `${gap}\t${escapeCell(cells[column] ?? '')}`
  return text + rest
}

function layoutOf(type: EventType): Layout {
  const known = layouts.get(type)
  if (known !== undefined) return known
  const filled: { gap: string; column: EventColumn }[] = []
  const wanted: readonly string[] = columnsOfType[type]
  let gap = ''
  for (const column of eventColumns) {
    if (wanted.includes(column)) {
      filled.push({ gap, column: column as EventColumn })
      gap = ''
    } else {
      gap += numbers.has(column) ? '\t0' : '\t'
    }
  }
  const layout = { filled, rest: gap }
  layouts.set(type, layout)
  return layout
}

/** Neighbouring columns of the same part are written together: `site received | day hour time … | channel …`. */
function runsOf(names: readonly string[]): readonly Run[] {
  const found: { part: Part; columns: string[] }[] = []
  for (const name of names) {
    const part = partOf(name)
    const last = found.at(-1)
    if (last?.part === part) last.columns.push(name)
    else found.push({ part, columns: [name] })
  }
  return found
}

function partOf(column: string): Part {
  if (column in emptyBatchCells) return 'batch'
  if (column in emptyPageCells) return 'page'
  return column in emptyMomentCells ? 'moment' : 'event'
}

const needsEscape = /[\t\n\r\\\0]/
const escapes: Readonly<Record<string, string>> = {
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
  '\\': '\\\\',
  '\0': '\\0',
}

/** https://clickhouse.com/docs/interfaces/formats/TabSeparated */
export function escapeCell(value: Cell): string {
  if (typeof value === 'number') return String(value)
  return needsEscape.test(value) ? value.replace(/[\t\n\r\\\0]/g, mark => escapes[mark] ?? '') : value
}
