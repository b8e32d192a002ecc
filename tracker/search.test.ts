import { expect, test } from 'vitest'
import type { Purpose } from '../contract/purposes.ts'
import type { TestPage } from '../tools/testing/browser.ts'
import { exempt, grant, strict, tellNow, useLab } from '../tools/testing/tracker_lab.ts'

const fixture = useLab()

const attributes = 'data-search="q s"'
const twelve = '<p data-lf-results=12>12 kites</p>'

type Visit = { query?: string; body?: string; script?: string; purposes?: Purpose[] }

async function visit({ query = '?q=Red+kite', body = twelve, script = exempt, purposes }: Visit) {
  const page = await fixture.newPage()
  fixture.lab.pages.set('/search', { script: `${script} ${attributes}`, body })
  if (purposes) await grant(page, purposes)
  await page.goto(`${fixture.lab.origin}/search${query}`)
  return page
}

const told = () => fixture.lab.events('search').map(({ term, results }) => [term, results])

/** Everything of the page up to now has come. */
async function flush(page: TestPage): Promise<void> {
  await tellNow(page)
  const before = fixture.lab.events('custom').length
  await page.evaluate("lightfoot.track('flush')")
  await tellNow(page)
  await fixture.lab.until('custom', before + 1)
}

test.each<[string, Visit, unknown[]]>([
  ['term and number', {}, ['Red kite', 12]],
  ['the second parameter', { query: '?q=&s=delta' }, ['delta', 12]],
  ['nothing was found', { body: '<p data-lf-results="0">' }, ['Red kite', 0]],
  ['the page does not say how much', { body: '' }, ['Red kite', undefined]],
  ['no number', { body: '<p data-lf-results>' }, ['Red kite', undefined]],
  ['more than there can be', { body: '<p data-lf-results=99999999999>' }, ['Red kite', 1_000_000]],
])('with behaviour: %s', async (_, given, wanted) => {
  const page = await visit({ ...given, purposes: ['behaviour'] })
  await tellNow(page)
  await fixture.lab.until('search')
  expect(told()).toEqual([wanted])
})

test.each<[string, Visit, unknown]>([
  ['exempt', {}, 6],
  ['exempt, nothing found', { body: '<p data-lf-results=0>' }, 0],
  ['granted, but not behaviour', { purposes: ['statistics'] }, 6],
])('before consent the bucket only: %s', async (_, given, bucket) => {
  const page = await visit(given)
  await tellNow(page)
  await fixture.lab.until('search')
  expect(told()).toEqual([[undefined, bucket]])
  if (!given.purposes) expect(JSON.stringify(fixture.lab.batches)).not.toMatch(/kite/i)
})

test.each<[string, Visit]>([
  ['another parameter', { query: '?query=kite' }],
  ['an empty field', { query: '?q=' }],
  ['strict, behaviour not granted', { script: strict, purposes: ['statistics'] }],
])('no search: %s', async (_, given) => {
  const page = await visit({ purposes: ['statistics', 'behaviour'], ...given })
  await flush(page)
  expect(told()).toEqual([])
})

test('results that come later, on a document and on a route, are waited for', async () => {
  const late = `<p id=found></p><script>
    const show = (count, ms) => setTimeout(() => { found.dataset.lfResults = count }, ms)
    show(3, 1500)</script>`
  const page = await visit({ body: late, purposes: ['behaviour'] })
  await fixture.lab.until('search')
  await page.evaluate("delete found.dataset.lfResults; history.pushState(0, '', '?q=eel'); show(0, 1500)")
  await fixture.lab.until('search', 2)
  expect(told()).toEqual([
    ['Red kite', 3],
    ['eel', 0],
  ])
})

test('a search that is left at once belongs to its own page; the same term counts once', async () => {
  const page = await visit({ purposes: ['behaviour', 'statistics'] })
  await page.evaluate("history.pushState(0, '', '?q=delta')")
  await page.evaluate("history.pushState(0, '', '/kites/7')")
  // Another page of the same search, back to the first, and what a router says besides.
  await page.evaluate("history.pushState(0, '', '/search?q=delta&page=2')")
  await page.evaluate("lightfoot.search('delta', 4)")
  await page.goBack()
  await flush(page)
  const events = fixture.lab.events('search')
  expect(events.map(({ term }) => term)).toEqual(['Red kite', 'delta'])
  const pageOf = (type: 'search' | 'pageview', index: number) => fixture.lab.events(type)[index]?.pageId
  expect([pageOf('search', 0), pageOf('search', 1)]).toEqual([pageOf('pageview', 0), pageOf('pageview', 1)])
})

test('what is told of a search is loaded where there is one', async () => {
  const loads: string[] = []
  const page = await visit({ query: '?page=2' })
  page.on('request', request => {
    if (request.url().endsWith('/lightfoot.searches.js')) loads.push(request.url())
  })
  await page.reload()
  await flush(page)
  expect(loads).toEqual([])
  await page.evaluate("history.pushState(0, '', '?q=tern')")
  await flush(page)
  await fixture.lab.until('search')
  expect(loads).toHaveLength(1)
})

test('by the API: at once, and instead of what the page shows', async () => {
  const page = await visit({ query: '', purposes: ['behaviour'] })
  await page.evaluate(`
    lightfoot.search('box kite', 7)
    history.pushState(0, '', '?q=tern'); lightfoot.search('tern', 30)
    lightfoot.search('nothing', 0); lightfoot.search('unknown'); lightfoot.search('strange', -3)
    lightfoot.search(''); lightfoot.search(undefined, 3); lightfoot.search({}, {})`)
  await flush(page)
  expect(told()).toEqual([
    ['box kite', 7],
    ['tern', 30],
    ['nothing', 0],
    ['unknown', 12],
    ['strange', undefined],
  ])
})

test('a reload, back, out of the back/forward cache, a choice: the search is not told again', async () => {
  const page = await visit({})
  await tellNow(page)
  await fixture.lab.until('search')
  await page.reload()
  await flush(page)
  fixture.lab.pages.set('/other', {})
  await page.goto(`${fixture.lab.origin}/other`)
  await page.goBack()
  await page.evaluate("dispatchEvent(new Event('pagehide')); dispatchEvent(new Event('pageshow'))")
  await page.evaluate("lightfoot.consent.set({ purposes: ['behaviour', 'statistics'] })")
  await flush(page)
  const navigations = fixture.lab.events('pageview').map(({ navigation }) => navigation)
  expect(navigations).toEqual(['navigate', 'reload', 'back_forward', 'bfcache', 'consent'])
  expect(told()).toEqual([[undefined, 6]])
})

test('where nothing was told before a grant, it is told after it', async () => {
  const page = await visit({ script: strict })
  await page.evaluate("lightfoot.consent.set({ purposes: ['behaviour'] })")
  await tellNow(page)
  await fixture.lab.until('search')
  expect(told()).toEqual([['Red kite', 12]])
})
