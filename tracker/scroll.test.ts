import { expect, test } from 'vitest'
import type { TestPage } from '../tools/testing/browser.ts'
import { exempt, grant, tellNow, useLab } from '../tools/testing/tracker_lab.ts'

const fixture = useLab()

/** What was newly reached, and in which page. */
const told = () =>
  fixture.lab
    .events('engagement')
    .filter(event => event.scroll)
    .map(event => [event.pageUrl.slice(fixture.lab.origin.length), event.scroll])

/** Leaves the page and waits for what it sends at its end. */
async function leave(page: TestPage): Promise<void> {
  await page.goto('about:blank')
  await fixture.lab.until('exit')
}

// The viewport is 720 high: of 7200 each is a tenth.
const tall = '<style>body{margin:0}</style><div id=tall style="height:7200px"></div>'

async function scrolled(page: TestPage, top: number): Promise<void> {
  await page.evaluate(`scrollTo(0, ${top})`)
  await page.waitForTimeout(100)
  await tellNow(page)
}

test.each([
  [
    'with behaviour, in tenths',
    true,
    [
      [1, 1],
      [2, 3],
      [4, 6],
      [7, 10],
    ],
  ],
  [
    'before consent, in whole quarters',
    false,
    [
      [1, 3],
      [4, 5],
      [6, 10],
    ],
  ],
] as const)('scroll depth newly reached: %s', async (_, isGranted, wanted) => {
  const page = await fixture.visit(exempt, tall, page =>
    isGranted ? grant(page, ['behaviour']) : Promise.resolve(),
  )
  for (const top of [0, 1500, 800, 3700, 3700, 6480]) await scrolled(page, top)
  await leave(page)
  expect(told()).toEqual(wanted.map(tenths => ['/page', tenths]))
})

test('a document that grows is judged by the height that it has', async () => {
  const page = await fixture.visit(exempt, '<style>body{margin:0}</style><p id=tall>short', page =>
    grant(page, ['behaviour']),
  )
  await page.evaluate("document.querySelector('#tall').style.height = '7200px'")
  await page.waitForTimeout(200)
  await scrolled(page, 1500)
  await leave(page)
  expect(told()).toEqual([['/page', [1, 3]]])
})

test('a route begins anew at its own top', async () => {
  const page = await fixture.visit(exempt, tall, page => grant(page, ['behaviour', 'statistics']))
  await scrolled(page, 6480)
  await page.evaluate("history.pushState({}, '', '/next'); scrollTo(0, 0)")
  await page.waitForTimeout(500)
  await leave(page)
  expect(told()).toEqual([
    ['/page', [1, 10]],
    ['/next', [1, 1]],
  ])
})

const shell = (inner: string) =>
  `<style>body{margin:0}#main{height:720px;overflow-y:auto}</style><div id=main>${inner}</div>`

test('the element that scrolls in the document’s place', async () => {
  const page = await fixture.visit(exempt, shell('<div id=tall style="height:7200px"></div>'), page =>
    grant(page, ['behaviour']),
  )
  await page.waitForTimeout(100)
  await tellNow(page)
  await page.evaluate("document.querySelector('#main').scrollTop = 2160")
  await page.waitForTimeout(100)
  await tellNow(page)
  await page.evaluate(
    "document.querySelector('#tall').style.height = '14400px'; document.querySelector('#main').scrollTop = 2161",
  )
  await page.waitForTimeout(100)
  await page.evaluate("document.querySelector('#main').scrollTop = 6480")
  await page.waitForTimeout(100)
  await leave(page)
  expect(told().map(([, tenths]) => tenths)).toEqual([
    [1, 1],
    [2, 4],
    [5, 5],
  ])
})

test('a list that scrolls in a page that does not is not the page', async () => {
  const list =
    '<div style="height:300px;margin-top:210px;overflow:auto"><div style="height:3000px"></div></div>'
  const page = await fixture.visit(exempt, list, page => grant(page, ['behaviour']))
  await page.waitForTimeout(100)
  await leave(page)
  expect(told()).toEqual([['/page', [1, 10]]])
})
