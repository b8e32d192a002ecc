import { expect, test } from 'vitest'
import { exempt, grant, tellNow, useLab } from '../tools/testing/tracker_lab.ts'

const fixture = useLab()

const body = `
  <button id=plan data-lf-event="plan chosen" data-lf-event-plan=small data-lf-event-per-month=19><i id=icon>Buy</i></button>
  <a id=link href="/next" data-lf-event=link>next</a>
  <p id=plain>plain</p>
  <button id=nameless data-lf-event>no name</button>
  <section data-lf-event=section>
    <form data-lf-event="newsletter" data-lf-event-from=footer action="/done">
      <input id=mail name=mail value="someone@example.com"><button id=send>Send</button>
    </form>
  </section>
  <div id=host></div>
  <script>
    document.querySelector('#host').attachShadow({ mode: 'open' }).innerHTML =
      '<button data-lf-event=inside><b id=deep>deep</b></button>'
    for (const type of ['click', 'submit'])
      addEventListener(type, event => { if (event.target.id !== 'send') event.preventDefault(); event.stopPropagation() }, true)
  </script>`

const told = () => fixture.lab.events('custom').map(({ name, props }) => [name, props])

test('clicks, keys, the middle button, through shadow roots; a form when it is submitted', async () => {
  const page = await fixture.visit(exempt, body, page => grant(page, ['statistics']))
  await page.click('#icon')
  await page.focus('#plan')
  await page.keyboard.press('Enter')
  await page.click('#link', { button: 'middle' })
  await page.click('#link', { button: 'right' })
  await page.click('#deep')
  await page.click('#plain')
  await page.click('#nameless')
  // A script's click is not the visitor's.
  await page.evaluate("document.querySelector('#plan').click()")
  await page.focus('#mail')
  await page.keyboard.press('Enter')
  await tellNow(page)
  await fixture.lab.until('custom', 6)
  const plan = ['plan chosen', { plan: 'small', 'per-month': '19' }]
  expect(told()).toEqual([
    plan,
    plan,
    ['link', {}],
    ['inside', {}],
    // Enter in a field clicks the form's button.
    ['section', {}],
    ['newsletter', { from: 'footer' }],
  ])
  expect(JSON.stringify(fixture.lab.batches)).not.toMatch(/someone|Buy/)
})

test('before consent the name only', async () => {
  const page = await fixture.visit(exempt, body)
  await page.click('#plan')
  await tellNow(page)
  await fixture.lab.until('custom')
  expect(told()).toEqual([['plan chosen', undefined]])
})

test('a label clicks its control too: what is declared of them counts once', async () => {
  const page = await fixture.visit(
    exempt,
    `<p data-lf-event=around><label id=text><input type=checkbox> text</label></p>
    <label id=apart for=box>text</label><input id=box type=checkbox data-lf-event=control>`,
  )
  await page.click('#text', { position: { x: 30, y: 5 } })
  await page.click('#apart')
  await tellNow(page)
  await fixture.lab.until('custom', 2)
  expect(told()).toEqual([
    ['around', undefined],
    ['control', undefined],
  ])
})

test('what a link or a form declares arrives although the page is left at once', async () => {
  const { lab } = fixture
  lab.pages.set('/done', {})
  const form = '<form data-lf-event=sent action="/done"><button>Send</button></form>'
  const page = await fixture.visit(exempt, form)
  await page.click('button')
  await lab.until('custom')
  expect(told()).toEqual([['sent', undefined]])
})
