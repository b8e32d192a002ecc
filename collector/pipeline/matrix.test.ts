// The consent matrix, held against what rows really contain: for every field a marked value is sent, in every state of
// consent and both modes, and found in its column if and only if the matrix says so.

import { describe, expect, test } from 'vitest'
import { type Field, matrix } from '../../contract/matrix.ts'
import { type Purpose, type PurposeSet, purposeBit, purposeNames } from '../../contract/purposes.ts'
import {
  everyPurpose,
  grant,
  ingestEvents,
  makeSite,
  siteOrigin,
  type TestRow,
} from '../../tools/testing/pipeline.ts'
import { noIdentity } from './cells.ts'
import type { GateCell } from './gate.ts'

/** What a row's columns hold of a field: in full (`granted`), coarsened (`exempt`) or empty. */
type Probe = {
  readonly type: string
  readonly granted: TestRow
  readonly exempt?: TestRow
  readonly nothing: TestRow
}

const none = { host: '', path: '', parameters: '', page_group: '' }

/** One of every field of the matrix: a field that is added there does not compile until it is here. */
const probes: Record<Exclude<Field, 'page' | 'visitor' | 'disclosure'>, Probe> = {
  address: { type: 'pageview', granted: { prefix: '5.2.128.0' }, nothing: { prefix: '' } },
  country: { type: 'pageview', granted: { country: 'RO' }, nothing: { country: '' } },
  time: {
    type: 'pageview',
    granted: { time: '1749990797.789' },
    exempt: { time: '1749990780.000' },
    nothing: { time: '1749988800.000' },
  },
  url: {
    type: 'pageview',
    granted: {
      host: 'www.example.com',
      path: '/marked/path',
      parameters: 'page=markedparameter',
      page_group: 'Marked',
    },
    exempt: { host: 'www.example.com', path: '/marked/path', parameters: '', page_group: 'Marked' },
    nothing: none,
  },
  title: { type: 'pageview', granted: { title: 'Marked title' }, nothing: { title: '' } },
  view: {
    type: 'view',
    granted: { name: 'Marked view', name_group: 'Marked group' },
    nothing: { name: '', name_group: '' },
  },
  custom: {
    type: 'custom',
    granted: { name: 'markedevent', properties: '{"marked":"property"}' },
    exempt: { name: 'markedevent', properties: '' },
    nothing: { name: '', properties: '' },
  },
  referrer: {
    type: 'pageview',
    granted: { referrer_host: 'marked.example', referrer_path: '/marked/referrer' },
    exempt: { referrer_host: 'marked.example', referrer_path: '' },
    nothing: { referrer_host: '', referrer_path: '' },
  },
  campaign: {
    type: 'pageview',
    granted: campaign(
      'markedsource',
      'markedmedium',
      'markedname',
      'markedterm',
      'markedcontent',
      'gclid=markedclick',
    ),
    exempt: campaign('markedsource', 'markedmedium', '', '', '', ''),
    nothing: campaign('', '', '', '', '', ''),
  },
  search: {
    type: 'search',
    granted: { term: 'marked term', amount: '7', kind: 'found' },
    exempt: { term: '', amount: '6', kind: 'found' },
    nothing: { term: '', amount: '0', kind: '' },
  },
  agent: {
    type: 'pageview',
    granted: { browser: 'Chrome', browser_version: '141', system: 'Linux', device: 'desktop' },
    exempt: { browser: 'Chrome', browser_version: '', system: 'Linux', device: 'desktop' },
    nothing: { browser: '', browser_version: '', system: '', device: '' },
  },
  screen: {
    type: 'pageview',
    granted: { screen: '1360' },
    exempt: { screen: 'large' },
    nothing: { screen: '' },
  },
  language: {
    type: 'pageview',
    granted: { language: 'en-GB' },
    exempt: { language: 'en' },
    nothing: { language: '' },
  },
  timing: {
    type: 'timing',
    granted: { load_ms: '1234', transfer_bytes: '5000', protocol: 'h2' },
    exempt: { load_ms: '1200', transfer_bytes: '4096', protocol: '' },
    nothing: { load_ms: '0', transfer_bytes: '0', protocol: '' },
  },
  vital: {
    type: 'vital',
    granted: { name: 'LCP', value: '2617.5' },
    exempt: { name: 'LCP', value: '2500' },
    nothing: { name: '', value: '0' },
  },
  error: {
    type: 'error',
    granted: {
      kind: 'resource',
      status: '404',
      tag: 'img',
      resource: 'marked.example/gone.png',
      message: 'marked message',
      line: '7',
    },
    exempt: { kind: 'resource', status: '400', tag: '', resource: '', message: '', line: '0' },
    nothing: { kind: '', status: '0', tag: '', resource: '', message: '', line: '0' },
  },
  engagement: {
    type: 'engagement',
    granted: { active_ms: '7301', visible_ms: '8302' },
    exempt: { active_ms: '5000', visible_ms: '5000' },
    nothing: { active_ms: '0', visible_ms: '0' },
  },
  scroll: {
    type: 'engagement',
    granted: { scroll_from: '2', scroll_to: '6' },
    exempt: { scroll_from: '1', scroll_to: '5' },
    nothing: { scroll_from: '0', scroll_to: '0' },
  },
  click: {
    type: 'click',
    granted: {
      kind: 'outbound',
      target: 'marked element',
      target_host: 'marked.example',
      target_path: '/marked/target',
      frustration: 'rage',
    },
    exempt: { kind: 'outbound', target: '', target_host: '', target_path: '', frustration: '' },
    nothing: { kind: '', target: '', target_host: '', target_path: '', frustration: '' },
  },
  hover: {
    type: 'hover',
    granted: { target: 'marked hover', duration_ms: '777' },
    nothing: { target: '', duration_ms: '0' },
  },
  form: {
    type: 'form',
    granted: { kind: 'abandon', name: 'marked form', amount: '4', duration_ms: '9001' },
    nothing: { kind: '', name: '', amount: '0', duration_ms: '0' },
  },
  exit: {
    type: 'exit',
    granted: { kind: 'link', target_host: 'marked.example' },
    exempt: { kind: 'link', target_host: '' },
    nothing: { kind: '', target_host: '' },
  },
  // Of the two calls, exempt keeps the one to a declared number; both are looked at below.
  dialled: { type: 'click', granted: { dialled: '+40722999999' }, nothing: { dialled: '' } },
}

function campaign(
  source: string,
  medium: string,
  name: string,
  term: string,
  content: string,
  click: string,
): TestRow {
  return {
    campaign_source: source,
    campaign_medium: medium,
    campaign_name: name,
    campaign_term: term,
    campaign_content: content,
    click_id: click,
  }
}

const query =
  'page=markedparameter&utm_source=markedsource&utm_medium=markedmedium&utm_campaign=markedname' +
  '&utm_term=markedterm&utm_content=markedcontent&gclid=markedclick'

const visitorId = 'AAECAwQFBgcICQoLDA0ODw'
const declared = '+40213000000'

type State = { readonly name: string; readonly mode: 'exempt' | 'strict'; readonly purposes: PurposeSet }

const states: readonly State[] = (['exempt', 'strict'] as const).flatMap(mode => [
  { name: `${mode} site, no choice`, mode, purposes: 0 },
  ...purposeNames.map(purpose => ({ name: `${mode} site, ${purpose}`, mode, purposes: purposeBit(purpose) })),
  { name: `${mode} site, everything`, mode, purposes: everyPurpose },
])

/** One batch with every field in it. */
function rowsIn({ mode, purposes }: State): { rows: TestRow[]; text: string } {
  const site = makeSite({
    mode,
    events: ['markedevent'],
    numbers: [declared],
    groups: [{ name: 'Marked', path: '/marked/*' }],
  })
  const { read, rows } = ingestEvents(
    [
      {
        type: 'pageview',
        title: 'Marked title',
        referrer: 'https://marked.example/marked/referrer?q=1',
        status: 404,
      },
      { type: 'engagement', activeMs: 7301, visibleMs: 8302, scroll: [2, 6] },
      { type: 'exit', method: 'link', target: 'marked.example' },
      {
        type: 'click',
        kind: 'outbound',
        target: 'marked element',
        href: 'https://marked.example/marked/target',
        frustration: 'rage',
      },
      { type: 'click', kind: 'tel', href: 'tel:+40722999999' },
      { type: 'click', kind: 'tel', href: `tel:${declared}` },
      { type: 'hover', target: 'marked hover', ms: 777 },
      { type: 'form', form: 'marked form', outcome: 'abandon', fields: 4, fillMs: 9001 },
      { type: 'search', term: 'Marked term', results: 7 },
      { type: 'view', name: 'Marked view', group: 'Marked group' },
      {
        type: 'error',
        kind: 'resource',
        tag: 'img',
        url: 'https://marked.example/gone.png',
        status: 404,
        message: 'marked message',
        line: 7,
      },
      { type: 'timing', load: 1234, bytes: 5000, protocol: 'h2' },
      { type: 'vital', name: 'LCP', value: 2617.5 },
      { type: 'custom', name: 'markedevent', props: { marked: 'property' } },
    ],
    {
      site,
      batch: {
        visitor: visitorId,
        device: { screen: [1366, 768], viewport: [1280, 720], language: 'en-GB' },
        pages: [{ id: 'pageidpage0', url: `${siteOrigin}/marked/path?${query}` }],
        ...(purposes === 0 ? {} : { consent: grant(purposes) }),
      },
    },
  )
  return { rows: read, text: rows.toString() }
}

/** What the matrix says, read off it in the plainest way. */
function wantedCell(field: Field, { mode, purposes }: State): GateCell {
  const { exempt, purpose } = matrix[field] as { exempt: string; purpose: Purpose | null }
  if (purpose === null || (purposes & purposeBit(purpose)) !== 0) return 'granted'
  return mode === 'exempt' && exempt !== 'nothing' ? 'exempt' : 'nothing'
}

function pick(row: TestRow, columns: TestRow): TestRow {
  return Object.fromEntries(Object.keys(columns).map(column => [column, row[column] ?? 'no such column']))
}

describe.each(states)('$name', state => {
  const { rows, text } = rowsIn(state)

  test.each(Object.entries(probes))('%s', (field, probe) => {
    if (field === 'dialled') return
    const cell = wantedCell(field as Field, state)
    const wanted = probe[cell] ?? probe.nothing
    // The row of a kept number says no more of its click than the number does.
    const ofType = rows.filter(row => row.type === probe.type && row.dialled === '')
    // Where a type has no cell at all, its event is not there: that is nothing as well.
    if (ofType.length === 0) expect(['nothing', 'granted of every state']).toContain(emptyReason(cell, field))
    const [row] = ofType
    if (row !== undefined) expect(pick(row, wanted)).toEqual(wanted)
  })

  /** A field without a purpose is in every row, but there must be a row for it to be in. */
  function emptyReason(cell: GateCell, field: string): string {
    return matrix[field as Field].purpose === null ? 'granted of every state' : cell
  }

  test('dialled: declared numbers in exempt mode, any with calls', () => {
    const dialled = rows.map(row => row.dialled).filter(Boolean)
    const wanted = { granted: ['+40722999999', declared], exempt: [declared], nothing: [] }
    expect(dialled).toEqual(wanted[wantedCell('dialled', state)])
  })

  test('page: in every row, never as it was sent', () => {
    expect(new Set(rows.map(row => row.page)).size).toBeLessThanOrEqual(1)
    for (const row of rows) expect(BigInt(row.page ?? 0)).toBeGreaterThan(0n)
    expect(text).not.toContain('pageidpage0')
  })

  test('visitor: the id of the day, or the first-party id, never both', () => {
    const cell = wantedCell('visitor', state)
    for (const { identity, visitor } of rows) {
      const kind =
        identity !== noIdentity && BigInt(visitor ?? 0) >= 2n ** 63n
          ? 'granted'
          : identity === noIdentity && visitor === '0'
            ? 'nothing'
            : identity === noIdentity && Number(visitor) <= 2 ** 24
              ? 'exempt'
              : 'both'
      expect(kind).toBe(cell)
    }
    expect(text).not.toContain(visitorId)
  })

  test('disclosure: the row says whether it may be sent on', () => {
    const isOpen = wantedCell('disclosure', state) === 'granted'
    for (const row of rows) expect((Number(row.purposes) & purposeBit('disclosure')) !== 0).toBe(isOpen)
  })

  test('a mark is nowhere else either', () => {
    for (const [field, { exempt, granted }] of Object.entries(probes)) {
      const cell = wantedCell(field as Field, state)
      if (cell === 'granted') continue
      const allowed = new Set(cell === 'exempt' ? Object.values(exempt ?? {}) : [])
      for (const value of Object.values(granted)) {
        if (/marked/i.test(value) && !allowed.has(value) && !isSharedMark(value))
          expect(text).not.toContain(value)
      }
    }
  })

  /** The marked host and group are marks of several fields. */
  function isSharedMark(value: string): boolean {
    return value === 'marked.example' || value === 'Marked'
  }
})

test('a strict site without a choice keeps no row at all', () => {
  expect(rowsIn({ name: '', mode: 'strict', purposes: 0 }).rows).toEqual([])
})

test('with everything granted every event is kept', () => {
  for (const mode of ['exempt', 'strict'] as const) {
    expect(rowsIn({ name: '', mode, purposes: everyPurpose }).rows).toHaveLength(14)
  }
})
