import { expect, test } from 'vitest'
import type { TestPage } from '../tools/testing/browser.ts'
import { exempt, grant, useLab } from '../tools/testing/tracker_lab.ts'

const fixture = useLab()

const body = `
  <a id=link href=/b>b</a> <a id=tel href="tel:+1555">call</a> <a id=attachment href=/attachment>file</a>
  <a id=nothing href=/nothing>nothing</a> <a id=slow href=/slow>slow</a>
  <form action=/b><button id=get>search</button></form>
  <form action=/b method=post><button id=post>send</button></form>
  <a id=handled href=/b>handled</a>
  <script>document.querySelector('#handled').onclick = event => { event.preventDefault(); setTimeout(() => { location.href = '/b' }, 50) }</script>`

const leaveBy = (text: string) => (page: TestPage) => page.evaluate(`setTimeout(() => { ${text} })`)
const click = (selector: string) => (page: TestPage) => page.click(selector)

const cases: [string, string, (page: TestPage) => Promise<unknown>][] = [
  ['a link', 'link', click('#link')],
  ['a link that a script follows', 'link', click('#handled')],
  ['a form that asks', 'form', click('#get')],
  ['a form that sends', 'form', click('#post')],
  ['the back button', 'back_forward', page => page.goBack()],
  ['a script that goes back', 'back_forward', leaveBy('history.back()')],
  ['a script', 'script', leaveBy("location.href = '/b'")],
  ['a script that loads again', 'script', leaveBy('location.reload()')],
  ['the reload button', 'unknown', page => page.reload()],
  ['a typed address', 'unknown', page => page.goto(`${fixture.lab.origin}/b`)],
  ['closing', 'unknown', page => page.close({ runBeforeUnload: true })],
  [
    'closing after a call and an attachment',
    'unknown',
    async page => {
      await page.click('#tel')
      await page.click('#attachment')
      await page.click('#nothing')
      await page.mouse.click(1, 1)
      await page.close({ runBeforeUnload: true })
    },
  ],
]

test.each(cases)('left by %s: %s', async (_, method, leave) => {
  const { lab } = fixture
  lab.pages.set('/start', {})
  lab.pages.set('/b', {})
  lab.pages.set('/attachment', { headers: { 'Content-Disposition': 'attachment' } })
  lab.pages.set('/nothing', { status: 204 })
  const page = await fixture.newPage()
  await page.goto(`${lab.origin}/start`)
  lab.pages.set('/page', { script: exempt, body })
  await page.goto(`${lab.origin}/page`)
  await leave(page)
  const [exit] = await lab.until('exit')
  expect(exit).toMatchObject({ method })
  expect(exit).not.toHaveProperty('target')
  expect(lab.events('exit')).toHaveLength(1)
})

test.each([
  [9000, 'script'],
  [11_000, 'unknown'],
] as const)('closed %i ms after a script began to leave, without an answer: %s', async (ms, method) => {
  const { lab } = fixture
  lab.pages.set('/slow', { delayMs: 20_000 })
  const page = await fixture.visit(exempt, body, page =>
    page.addInitScript(
      'const now = performance.now.bind(performance); performance.now = () => now() + (window.passed ?? 0)',
    ),
  )
  // While an answer is waited for nothing can be asked of the page, so it lets the time pass by itself.
  await page.evaluate(`setTimeout(() => { window.passed = ${ms} }, 50); location.href = '/slow'; 0`)
  await page.waitForTimeout(200)
  await page.close({ runBeforeUnload: true })
  expect(await lab.until('exit')).toMatchObject([{ method }])
})

test('with statistics the host that a page was left for', async () => {
  const { lab } = fixture
  lab.pages.set('/b', {})
  const page = await fixture.visit(exempt, `<a href="${lab.elsewhere}/b?q=1">away</a>`, page =>
    grant(page, ['statistics']),
  )
  await page.click('a')
  const [exit] = await lab.until('exit')
  expect(exit).toMatchObject({ method: 'link', target: new URL(lab.elsewhere).host })
})

test.each(cases.filter(([name]) => ['a link', 'a form that asks', 'closing'].includes(name)))(
  'without the Navigation API, left by %s: %s',
  async (_, method, leave) => {
    const { lab } = fixture
    lab.pages.set('/b', {})
    const page = await fixture.visit(exempt, body, page =>
      page.addInitScript('delete window.navigation; window.navigation = undefined'),
    )
    await leave(page)
    expect(await lab.until('exit')).toMatchObject([{ method }])
  },
)
