import { expect, test } from 'vitest'
import type { TestPage } from '../tools/testing/browser.ts'
import { exempt, grant, grantedPart, tellNow, useLab } from '../tools/testing/tracker_lab.ts'

const fixture = useLab()

/** Name, markup without its `data-lf`, what a script does at the click. */
const cases: [name: string, markup: string, script: string, wanted: 'dead' | undefined][] = [
  ['a button without effect', '<button', '', 'dead'],
  ['a link that is kept from leading', '<a href=/b', 'event.preventDefault()', 'dead'],
  ['a link to a script', '<a href="javascript:void 0"', '', 'dead'],
  ['another page changes', '<button', 'setTimeout(() => { document.body.append("new") }, 500)', undefined],
  ['a text changes', '<button', 'event.target.firstChild.data = "done"', undefined],
  ['a class changes', '<button', 'event.target.className = "on"', undefined],
  ['the page scrolls', '<button', 'scrollTo(0, 500)', undefined],
  ['the focus goes elsewhere', '<button', 'document.querySelector("a").focus()', undefined],
  ['a text is selected', '<button', 'getSelection().selectAllChildren(document.body)', undefined],
  ['a popover', '<button popovertarget=popover', '', undefined],
  ['a script leads to a slow page', '<button', 'location.href = "/slow"', undefined],
  ['a link leads to a slow page', '<a href=/slow', '', undefined],
  ['a download', '<a href=/file.pdf download', '', undefined],
  ['a call', '<a href=tel:+1555', '', undefined],
  ['a mail', '<a href=mailto:a@example.com', '', undefined],
  ['another tab', '<a href=/b target=_blank', '', undefined],
  ['a text that is only named', '<p', '', undefined],
  ['a checkbox', '<input type=checkbox', 'event.preventDefault()', undefined],
  ['a dialog', '<button', 'confirm("sure?")', undefined],
]

const body = `
  <input><form onsubmit="return false"><button data-lf=form>go</button></form><p id=popover popover>more</p><div id=host></div>
  ${cases.map(([, markup], index) => `${markup} data-lf="${index}">go</${markup.split(/[ >]/)[0]?.slice(1)}>`).join(' ')}
  <div style="height: 4000px"></div>
  <script>
    const scripts = ${JSON.stringify(cases.map(([, , script]) => script))}
    addEventListener('click', event => { new Function('event', scripts[event.target.dataset?.lf] ?? '')(event) })
    document.querySelector('#host').attachShadow({ mode: 'open' }).innerHTML = '<button data-lf=shadow>go</button>'
  </script>`

/** Where a change may not be seen: a value that a script sets is none of the document. */
const unseen = ['shadow', 'form']

/** Well past the second that a click has to show an effect. */
const verdict = (page: TestPage) => page.waitForTimeout(1200)

test('dead: for a second nothing changes, nothing answers, nothing is left for', async () => {
  const { lab } = fixture
  lab.pages.set('/slow', { delayMs: 2500 })
  lab.pages.set('/file.pdf', {})
  lab.pages.set('/b', {})
  const found: [string, unknown][] = []
  const run = async (name: string, target: string) => {
    const page = await fixture.visit(exempt, body, page => grant(page, ['behaviour']))
    await grantedPart(page)
    page.on('dialog', dialog => setTimeout(() => dialog.dismiss(), 1600))
    await page.click(`[data-lf="${target}"]`, { noWaitAfter: true })
    await verdict(page)
    if (name !== 'a dialog') await tellNow(page).catch(() => {})
    const clicks = () => lab.events('click').filter(click => click.target === target)
    await expect.poll(() => clicks().length, { timeout: 5000 }).toBe(1)
    found.push([name, clicks()[0]?.frustration])
  }
  const all = [...cases.map(([name], index) => [name, String(index)]), ...unseen.map(name => [name, name])]
  // Each a page of its own, a few side by side.
  const next = async (): Promise<void> => {
    const [name, target] = all.shift() ?? []
    if (!name || !target) return
    await run(name, target)
    await next()
  }
  await Promise.all(Array.from({ length: 6 }, next))
  const wanted = [
    ...cases.map(([name, , , wanted]) => [name, wanted]),
    ...unseen.map(name => [name, undefined]),
  ]
  expect(Object.fromEntries(found)).toEqual(Object.fromEntries(wanted))
}, 40_000)

test('rage: three quick clicks near each other, once for each burst; a key that is held down is none', async () => {
  const { lab } = fixture
  const wide = '<button data-lf=wide style="width: 600px; height: 40px" onclick="this.title += 1">go</button>'
  const page = await fixture.visit(exempt, `${wide}<p data-lf=text>a text to read</p>`, page =>
    grant(page, ['behaviour']),
  )
  await grantedPart(page)
  // Longer than a burst's clicks are apart.
  const rest = () => page.waitForTimeout(600)
  const bursts: [string, number[], (string | undefined)[]][] = [
    ['five in one place', [20, 30, 25, 35, 20], [undefined, undefined, 'rage', undefined, undefined]],
    ['three far apart', [50, 300, 550], [undefined, undefined, undefined]],
    ['two', [400, 400], [undefined, undefined]],
    ['once more', [300, 300, 300], [undefined, undefined, 'rage']],
  ]
  for (const [, places] of bursts) {
    for (const x of places) await page.mouse.click(x, 20)
    await rest()
  }
  for (let press = 0; press < 4; press++) await page.keyboard.press('Enter')
  await page.click('p', { clickCount: 3 })
  await tellNow(page)
  const clicks = await lab.until('click', 18)
  const told = clicks.map(({ frustration }) => frustration)
  expect(told).toEqual([...bursts.flatMap(([, , wanted]) => wanted), ...Array(clicks.length - 13)])
})
