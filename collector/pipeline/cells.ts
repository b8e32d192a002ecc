// The columns of a row by what they depend on, so that what a batch or a page has in common is worked out and written
// once. Together they are all columns of row_columns.ts but `load`, which the loader fills in; a test says so.

import type { EventType } from '../../contract/events.ts'

/** A column's value before it is written: '' and 0 mean "not kept". */
export type Cell = string | number

/** The same for all rows of a batch. */
export type BatchCells = {
  readonly site: string
  readonly received: string
  readonly channel: string
  readonly consent: string
  readonly purposes: number
  readonly policy: number
  readonly country: string
  readonly prefix: string
  readonly browser: string
  readonly browser_version: string
  readonly system: string
  readonly system_version: string
  readonly device: string
  readonly screen: string
  readonly language: string
}

/** The same for all rows of a page. */
export type PageCells = {
  readonly host: string
  readonly path: string
  readonly parameters: string
  readonly page_group: string
}

/** When, who and where: of every row. `visitor` and `page` are 64 bits wide and so travel as decimal text. */
export type MomentCells = {
  readonly day: string
  readonly hour: number
  readonly time: string
  readonly expires: string
  readonly type: EventType
  readonly visitor: string
  readonly identity: string
  readonly page: string
  readonly seq: number
}

/** What an event of each type says of itself. A column that a type does not name is empty in its rows. */
export const columnsOfType = {
  pageview: [
    'title',
    'navigation',
    'arrival',
    'status',
    'referrer_host',
    'referrer_path',
    'from_path',
    'campaign_source',
    'campaign_medium',
    'campaign_name',
    'campaign_term',
    'campaign_content',
    'click_id',
  ],
  engagement: ['active_ms', 'visible_ms', 'scroll_from', 'scroll_to'],
  exit: ['kind', 'target_host'],
  click: ['kind', 'target', 'target_host', 'target_path', 'dialled', 'frustration'],
  hover: ['target', 'duration_ms'],
  form: ['kind', 'name', 'duration_ms', 'amount'],
  search: ['kind', 'amount', 'term'],
  view: ['name', 'name_group'],
  error: ['kind', 'status', 'tag', 'resource', 'message', 'line'],
  timing: [
    'redirect_ms',
    'dns_ms',
    'connect_ms',
    'tls_ms',
    'request_ms',
    'response_ms',
    'ttfb_ms',
    'interactive_ms',
    'dcl_ms',
    'load_ms',
    'transfer_bytes',
    'protocol',
  ],
  vital: ['name', 'value'],
  custom: ['name', 'properties'],
  call: ['dialled', 'duration_ms', 'area'],
} as const satisfies Record<EventType, readonly string[]>

/** The cells of one type: every column it names, and no other. */
export type CellsOf<T extends EventType> = Readonly<Record<(typeof columnsOfType)[T][number], Cell>>

export type EventColumn = (typeof columnsOfType)[EventType][number]
export type EventCells = Readonly<Partial<Record<EventColumn, Cell>>>

/** Empty values, and with them the names of the columns that a batch, a page and a moment own. */
export const emptyBatchCells: BatchCells = {
  site: '',
  received: '',
  channel: '',
  consent: '',
  purposes: 0,
  policy: 0,
  country: '',
  prefix: '',
  browser: '',
  browser_version: '',
  system: '',
  system_version: '',
  device: '',
  screen: '',
  language: '',
}

export const emptyPageCells: PageCells = { host: '', path: '', parameters: '', page_group: '' }

/** A first-party id that is not there, as ClickHouse's UUID writes it. */
export const noIdentity = '00000000-0000-0000-0000-000000000000'

export const emptyMomentCells: MomentCells = {
  day: '',
  hour: 0,
  time: '',
  expires: '',
  type: 'pageview',
  visitor: '0',
  identity: noIdentity,
  page: '0',
  seq: 0,
}
