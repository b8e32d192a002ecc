import { expect, test } from 'vitest'
import type { TestPage } from '../tools/testing/browser.ts'
import { exempt, grant, grantedPart, useLab } from '../tools/testing/tracker_lab.ts'

const fixture = useLab()

const body = `
  <form data-lf=letter action=/b aria-label="Secret title">
    <input name=secretname id=text><textarea id=area></textarea><input type=checkbox id=box>
    <select id=choice onchange="this.form.submit()"><option>a<option>b</select>
    <input id=needed required value=x><input id=also required value=x><button id=send>send</button>
  </form>
  <form data-lf=ajax onsubmit="return false"><input id=mail><button id=post>post</button></form>
  <input id=formless>
  <form id=unnamed action=/b><input id=other><button id=go>go</button></form>`

const fill = (page: TestPage, ...fields: string[]) =>
  fields.reduce((done, field) => done.then(() => page.fill(field, 'Secret value')), Promise.resolve())
const leave = (page: TestPage) => page.goto('about:blank')

type Told = [form: string, outcome: string, fields: number][]

const cases: [string, (page: TestPage) => Promise<unknown>, Told][] = [
  [
    'submitted',
    async page => {
      await fill(page, '#text', '#area', '#text')
      await page.check('#box')
      await page.click('#send')
    },
    [['letter', 'submit', 3]],
  ],
  ['submitted as it was', page => page.click('#send'), [['letter', 'submit', 0]]],
  [
    'abandoned, one of two',
    async page => {
      await fill(page, '#mail')
      await page.click('#post')
      await fill(page, '#text')
      await leave(page)
    },
    [
      ['ajax', 'submit', 1],
      ['letter', 'abandon', 1],
    ],
  ],
  [
    'abandoned for another route, which is told of the page that it was on',
    async page => {
      await fill(page, '#formless', '#other', '#text')
      await page.evaluate("history.pushState(null, '', '/next')")
      await leave(page)
    },
    [['letter', 'abandon', 1]],
  ],
  [
    'found invalid twice, then submitted',
    async page => {
      await page.fill('#needed', '')
      await page.fill('#also', '')
      await page.click('#send')
      await page.click('#send')
      await page.fill('#needed', 'y')
      await page.fill('#also', 'y')
      await page.click('#send')
    },
    [
      ['letter', 'invalid', 2],
      ['letter', 'submit', 2],
    ],
  ],
  ['submitted by a script, which no event tells', page => page.selectOption('#choice', 'b'), []],
  [
    'looked at, and one without a name',
    async page => {
      await page.focus('#text')
      await fill(page, '#other')
      await page.click('#go')
    },
    [],
  ],
]

test.each(cases)('%s', async (_, use, wanted) => {
  const { lab } = fixture
  lab.pages.set('/b', {})
  const page = await fixture.visit(exempt, body, page => grant(page, ['behaviour']))
  await grantedPart(page)
  const startedAt = Date.now()
  await use(page)
  // Told at the very end, so that nothing more comes.
  await lab.until('exit')
  const told = lab.events('form')
  expect(told.map(({ form, outcome, fields }) => [form, outcome, fields])).toEqual(wanted)
  for (const { fillMs, pageUrl } of told) {
    expect(fillMs).toBeLessThanOrEqual(Date.now() - startedAt)
    expect(new URL(pageUrl).pathname).toBe('/page')
  }
  expect(JSON.stringify(lab.batches)).not.toMatch(/secret/i)
})
