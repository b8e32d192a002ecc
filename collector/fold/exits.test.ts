// How pages were left, completed from the next page: cases of one visitor's day, each on a page of its own, folded from raw rows.

import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type EventRow, insertRows } from '../../tools/testing/event_rows.ts'
import { firstLoad } from '../pipeline/row_columns.ts'
import { migrate } from '../store/migrate.ts'
import { openStore } from '../store/open_store.ts'
import type { Store } from '../store/store.ts'
import { createFolder } from './folder.ts'

const root = join(import.meta.dirname, '../..')
const scratch = mkdtempSync(join(tmpdir(), 'lightfoot-exits-'))
const day = '2026-11-20'
let store: Store

/** `P` stands for the page that the case is about. */
type Step = EventRow & { readonly type: 'pageview' | 'exit' }
const view = (page: number, more: EventRow = {}): Step => ({ type: 'pageview', path: 'P', page, ...more })
const exit = (page: number, kind: string, more: EventRow = {}): Step => ({
  type: 'exit',
  path: 'P',
  page,
  seq: 9,
  kind,
  ...more,
})
/** The next page, which says how its visitor came. */
const next = (page: number, arrival: string, more: EventRow = {}): Step =>
  view(page, { path: '/next', arrival, from_path: 'P', ...more })
const hour = (of: number) => ({ hour: `${day} ${of}:00:00`, time: `${day} ${of}:30:00.000` })

const cases: readonly [
  name: string,
  visitor: number | string,
  steps: readonly Step[],
  wanted: Record<string, number>,
][] = [
  ['seen by the page', 7, [view(1), exit(1, 'link'), next(2, 'link')], { link: 1 }],
  ['closed', 7, [view(1), exit(1, 'unknown')], { closed: 1 }],
  ['a typed address of the same site', 7, [view(1), exit(1, 'unknown'), next(2, 'address')], { address: 1 }],
  [
    'reloaded, then closed',
    7,
    [view(1), exit(1, 'unknown'), view(2, { arrival: 'reload' }), exit(2, 'unknown')],
    { reload: 1, closed: 1 },
  ],
  [
    'a reload names itself, whatever the page before',
    7,
    [view(1), exit(1, 'unknown'), view(2, { arrival: 'reload', from_path: '/other' }), exit(2, 'link')],
    { reload: 1, link: 1 },
  ],
  [
    'back, which only the next page knows',
    7,
    [view(1), exit(1, 'unknown'), next(2, 'back_forward')],
    { back_forward: 1 },
  ],
  [
    'back, which the page knows, explains the arrival',
    7,
    [view(1), exit(1, 'back_forward'), next(2, 'back_forward'), view(3), exit(3, 'unknown')],
    { back_forward: 1, closed: 1 },
  ],
  [
    'a form explains an arrival by link',
    7,
    [view(1), exit(1, 'form'), next(2, 'link'), view(3), exit(3, 'unknown')],
    { form: 1, closed: 1 },
  ],
  ['never came back', 7, [view(1)], { hidden: 1 }],
  ['told of no exit, but the next page came from there', 7, [view(1), next(2, 'address')], {}],
  [
    'more arrivals than pages: nothing is made up',
    7,
    [view(1), exit(1, 'unknown'), next(2, 'address'), next(3, 'address')],
    { address: 1 },
  ],
  [
    'left by a route: the document stayed',
    7,
    [
      view(1),
      view(2, { path: '/next', navigation: 'route', from_path: 'P' }),
      exit(2, 'unknown', { path: '/next' }),
    ],
    {},
  ],
  [
    'went on after a choice, under another id',
    7,
    [view(1), view(2, { navigation: 'consent' }), exit(2, 'unknown')],
    { closed: 1 },
  ],
  ['began with a choice', 7, [view(1, { navigation: 'consent', arrival: 'link' })], { hidden: 1 }],
  [
    'another visitor’s reload completes nothing',
    7,
    [
      view(1),
      exit(1, 'unknown'),
      view(2, { arrival: 'reload', visitor: 8 }),
      exit(2, 'link', { visitor: 8 }),
    ],
    { closed: 1, link: 1 },
  ],
  [
    'another site’s neither',
    7,
    [view(1), exit(1, 'unknown'), next(2, 'address', { site: 'blog' })],
    { closed: 1 },
  ],
  ['without scripts nothing is known', 7, [view(1, { channel: 'pixel' })], {}],
  [
    'without an id',
    0,
    [view(1), exit(1, 'unknown'), view(2), exit(2, 'unknown'), next(3, 'address'), view(4)],
    { address: 1, closed: 1, hidden: 1 },
  ],
  [
    'with a first-party id',
    '9223372036854775809',
    [view(1), exit(1, 'unknown'), next(2, 'address')],
    { address: 1 },
  ],
  [
    'two hours',
    7,
    [
      view(1, hour(10)),
      exit(1, 'unknown', hour(10)),
      next(2, 'address', hour(11)),
      view(3, hour(12)),
      exit(3, 'unknown', hour(12)),
    ],
    { address: 1, closed: 1 },
  ],
]

type Found = {
  path: string
  method: string
  hour: string
  exits: string
  ids: string
  identities: string
  without: string
}
let found: Found[]

beforeAll(async () => {
  store = await openStore({ dataDirectory: scratch, clickhouseUrl: undefined })
  await migrate(store, { directory: join(root, 'migrations') })
  const rows = cases.flatMap(([, visitor, steps], index) =>
    steps.map(step => {
      const own = (path: unknown) => (path === 'P' ? `/case-${index}` : path)
      const named = {
        path: own(step.path),
        ...(step.from_path === undefined ? {} : { from_path: own(step.from_path) }),
      }
      return { visitor, ...step, ...named, page: 100 * index + Number(step.page) } as EventRow
    }),
  )
  await insertRows(store, firstLoad, rows)
  const rollupsDirectory = join(scratch, 'only')
  mkdirSync(rollupsDirectory)
  cpSync(join(root, 'rollups/exits.sql'), join(rollupsDirectory, 'exits.sql'))
  const folder = createFolder({
    store,
    directory: join(scratch, 'fold'),
    rollupsDirectory,
    now: () => Date.parse('2026-11-21T12:00:00Z'),
  })
  await folder.recover()
  await folder.foldDays(day, day)
  found = await store.query<Found>(
    `select path, method, toString(min(hour)) as hour, sum(exits) as exits, sum(daily_ids) as ids,
            sum(identities) as identities, sum(without_id) as without
     from rollup_exits where path like '/case-%' group by path, method`,
  )
})
afterAll(async () => {
  await store.close()
  rmSync(scratch, { recursive: true, force: true })
})

const ofCase = (name: string) => {
  const index = cases.findIndex(([other]) => other === name)
  return found.filter(({ path }) => path === `/case-${index}`)
}

test.each(cases)('%s', (name, visitor, _steps, wanted) => {
  const rows = ofCase(name)
  expect(Object.fromEntries(rows.map(({ method, exits }) => [method, Number(exits)]))).toEqual(wanted)
  for (const { exits, ids, identities, without } of rows) {
    const who = visitor === 0 ? [0, 0, Number(exits)] : visitor === 7 ? [1, 0, 0] : [0, 1, 0]
    expect([ids, identities, without].map(Number)).toEqual(who)
  }
})

test('the earliest exit is the one that the next page tells of', () => {
  const hours = Object.fromEntries(
    ofCase('two hours').map(({ method, hour }) => [method, hour.slice(11, 13)]),
  )
  expect(hours).toEqual({ address: '10', closed: '12' })
})
