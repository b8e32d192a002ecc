import { expect, test } from 'vitest'
import { exempt, grant, tellNow, useLab } from '../tools/testing/tracker_lab.ts'

const fixture = useLab()

const below = '<div style="height:3000px"></div>'
const card = (name: string, style = 'height:100px', group = '') =>
  `<div style="${style}" data-lf-view="${name}" ${group && `data-lf-group="${group}"`}>A text</div>`

const body = `
  ${card('Repair', 'height:100px', 'Services')}
  ${card('Repair')}
  ${card('', 'height:10px')}
  ${card('Hidden', 'display:none')}
  ${card('Beside', 'height:50px;width:400px;margin-left:calc(100vw - 100px)')}
  ${below}${card('Below')}${card('Tall', 'height:4000px')}`

const told = () => fixture.lab.events('view').map(({ name, group }) => (group ? [name, group] : [name]))

test('what stood in view for a second, each name once a page; what comes later, what is tall', async () => {
  const { lab } = fixture
  const page = await fixture.visit(exempt, body, page => grant(page, ['statistics']))
  await lab.until('view', 1)
  expect(told()).toEqual([['Repair', 'Services']])

  await page.evaluate(`document.body.insertAdjacentHTML('afterbegin', ${JSON.stringify(card('Late'))})`)
  await lab.until('view', 2)
  // Half of a screen of something that is eight screens tall.
  await page.evaluate(
    "scrollTo(0, document.querySelector('[data-lf-view=Tall]').offsetTop - innerHeight / 2)",
  )
  await lab.until('view', 4)
  await page.evaluate("scrollTo(0, 0); history.pushState(0, '', '/next')")
  await lab.until('view', 6)
  expect(told().slice(1)).toEqual([['Late'], ['Below'], ['Tall'], ['Late'], ['Repair', 'Services']])
  const pages = lab.events('view').map(({ pageUrl }) => pageUrl.replace(lab.origin, ''))
  expect(new Set(pages.slice(0, 4))).toEqual(new Set(['/page']))
  expect(new Set(pages.slice(4))).toEqual(new Set(['/next']))
  expect(JSON.stringify(lab.batches)).not.toMatch(/A text/)
})

test('by the API: at once, each name once, nothing without a name', async () => {
  const page = await fixture.visit(exempt, '', page => grant(page, ['statistics']))
  await page.evaluate(`
    lightfoot.view('Tern', 'Kites'); lightfoot.view('Tern', 'Kites'); lightfoot.view('Advice')
    lightfoot.view(''); lightfoot.view(); lightfoot.view({}); lightfoot.view('x'.repeat(300))`)
  await tellNow(page)
  await fixture.lab.until('view', 3)
  expect(told()).toEqual([['Tern', 'Kites'], ['Advice'], ['x'.repeat(100)]])
})

test('a page that tells of more than a hundred is believed for a hundred', async () => {
  const page = await fixture.visit(exempt, '', page => grant(page, ['statistics']))
  await page.evaluate("for (let i = 0; i < 150; i++) lightfoot.view('kite ' + i)")
  await tellNow(page)
  await fixture.lab.until('view', 100)
  await page.evaluate("lightfoot.view('one more'); lightfoot.track('last')")
  await tellNow(page)
  await fixture.lab.until('custom')
  expect(told()).toHaveLength(100)
})

test('nothing of it before consent, and with other purposes', async () => {
  const { lab } = fixture
  const before = await fixture.visit(exempt, card('Repair'))
  const others = await fixture.visit(exempt, card('Repair'), page =>
    grant(page, ['behaviour', 'performance']),
  )
  for (const page of [before, others]) await page.evaluate("lightfoot.view('Tern')")
  // Longer than two looks.
  await before.waitForTimeout(2300)
  for (const page of [before, others]) {
    await page.evaluate("lightfoot.track('last')")
    await tellNow(page)
  }
  await lab.until('custom', 2)
  expect(told()).toEqual([])
})

test('what is passed by in less than a second was not looked at', async () => {
  const page = await fixture.visit(exempt, `${below}${card('Below')}${below}`, page =>
    grant(page, ['statistics']),
  )
  const look = "document.querySelector('[data-lf-view]').scrollIntoView()"
  // From one look to the next but one, so that it is seen at most once.
  await page.evaluate(`${look}; setTimeout(() => scrollTo(0, 0), 700)`)
  await page.waitForTimeout(2500)
  await page.evaluate("lightfoot.track('last')")
  await tellNow(page)
  await fixture.lab.until('custom')
  expect(told()).toEqual([])
})
