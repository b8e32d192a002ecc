import { expect, test } from 'vitest'
import { exempt, grant, tellNow, useLab } from '../tools/testing/tracker_lab.ts'

const fixture = useLab()

const body = `
  <a id=internal data-lf=menu href="/next?q=1#top">Secret text</a>
  <a id=outbound href="http://localhost:1/shop/shoes?id=7">out</a>
  <a id=download href="/files/Prices.PDF?v=2">prices</a>
  <a id=attribute href="/export" download>export</a>
  <a id=tel href="tel:+40-722-123456">call</a>
  <a id=mailto href="mailto:someone@example.com">mail</a>
  <a id=script href="javascript:void 0">script</a>
  <nav data-lf=filters><button id=button>go</button><span id=named>named</span></nav>
  <button data-lf=""><i id=inner>icon</i></button>
  <p data-lf=choice><label id=label for=box>choose</label><input id=box type=checkbox></p>
  <p id=plain>plain</p>
  <svg data-lf=map width=60 height=20><a id=drawn href="/drawn"><rect width=60 height=20 /></a></svg>
  <div id=host></div>
  <script>
    document.querySelector('#host').attachShadow({ mode: 'open' }).innerHTML =
      '<a href="/shadow" data-lf=inside><b id=deep>deep</b></a>'
    addEventListener('click', event => { if (event.target.id !== 'label') event.preventDefault(); event.stopPropagation() }, true)
  </script>`

const cases: [string, Record<string, string>][] = [
  ['#internal', { kind: 'internal', target: 'menu', href: 'own/next' }],
  ['#outbound', { kind: 'outbound', href: 'http://localhost:1/shop/shoes' }],
  ['#download', { kind: 'download', href: 'own/files/Prices.PDF' }],
  ['#attribute', { kind: 'download', href: 'own/export' }],
  ['#tel', { kind: 'tel', href: 'tel:+40-722-123456' }],
  ['#mailto', { kind: 'mailto' }],
  ['#script', { kind: 'other' }],
  ['#button', { kind: 'button', target: 'filters' }],
  ['#named', { kind: 'other', target: 'filters' }],
  ['#inner', { kind: 'button' }],
  ['#label', { kind: 'other', target: 'choice' }],
  // Its address is no text.
  ['#drawn', { kind: 'other', target: 'map' }],
  ['#deep', { kind: 'internal', target: 'inside', href: 'own/shadow' }],
]

const told = () =>
  fixture.lab.events('click').map(({ kind, target, href }) => ({
    kind,
    ...(target === undefined ? {} : { target }),
    ...(href === undefined ? {} : { href: href.replace(fixture.lab.origin, 'own') }),
  }))

test('with behaviour: kinds, names and where they lead, never a text', async () => {
  const page = await fixture.visit(exempt, body, page => grant(page, ['behaviour']))
  for (const [selector] of cases) await page.click(selector)
  await page.click('#plain')
  await page.evaluate("document.querySelector('#internal').click()")
  await tellNow(page)
  await fixture.lab.until('click', cases.length)
  expect(told()).toEqual(cases.map(([, wanted]) => wanted))
  expect(JSON.stringify(fixture.lab.batches)).not.toMatch(/Secret|someone|q=1|id=7/)
})

test('before consent: the kind only; of a call the number, which the collector compares with the site’s own', async () => {
  const page = await fixture.visit(exempt, body)
  for (const [selector] of cases) await page.click(selector)
  await tellNow(page)
  await fixture.lab.until('click', cases.length)
  expect(told()).toEqual(cases.map(([, { kind, href }]) => (kind === 'tel' ? { kind, href } : { kind })))
})

test('the middle button and the keyboard follow links too; the right button does not', async () => {
  const page = await fixture.visit(exempt, body)
  await page.click('#internal', { button: 'right' })
  await page.click('#internal', { button: 'middle' })
  await page.focus('#outbound')
  await page.keyboard.press('Enter')
  await page.focus('#button')
  await page.keyboard.press('Space')
  await tellNow(page)
  await fixture.lab.until('click', 3)
  expect(told()).toEqual([{ kind: 'internal' }, { kind: 'outbound' }, { kind: 'button' }])
})

test.each([
  ['before consent', []],
  ['with behaviour', ['behaviour']],
] as const)('a click that leaves the page at once arrives, %s', async (_, purposes) => {
  const { lab } = fixture
  lab.pages.set('/b', {})
  const page = await fixture.visit(exempt, `<a href="${lab.elsewhere}/b">away</a>`, async page => {
    if (purposes[0]) await grant(page, [...purposes])
  })
  await Promise.all([page.waitForURL(`${lab.elsewhere}/b`), page.click('a')])
  const clicks = await lab.until('click')
  expect(clicks).toMatchObject([{ kind: 'outbound' }])
  expect(clicks[0]).not.toHaveProperty('frustration')
})
