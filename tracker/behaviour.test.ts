// Every state of consent, one visit each: what clicks, hovers and forms tell in it, and that after a withdrawal nothing comes.

import { setTimeout } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { TestPage } from '../tools/testing/browser.ts'
import { exempt, grant, grantedPart, strict, tellNow, useLab } from '../tools/testing/tracker_lab.ts'

const fixture = useLab()

const body = `<style>body { margin: 0 } button { height: 100px }</style>
  <button data-lf=nothing>nothing</button>
  <form data-lf=letter onsubmit="return false"><input><button id=send>send</button></form>`

/** Rests on a button that does nothing, clicks it, fills in a form and sends it. */
async function use(page: TestPage): Promise<void> {
  // From beside it: a page that opens under a pointer has told of it before anything listens.
  await page.mouse.move(600, 600)
  await page.mouse.move(20, 50)
  await page.waitForTimeout(350)
  await page.mouse.click(20, 50)
  await page.waitForTimeout(1100)
  await page.fill('input', 'value')
  await page.click('#send')
  await tellNow(page)
}

type Prepare = (page: TestPage) => Promise<unknown>

const kinds = ['click button', 'click button']
const all = ['click button letter', 'click button nothing dead', 'form letter submit', 'hover nothing']
const unasked: Prepare = async () => {}
const others: Prepare = page =>
  grant(page, ['statistics', 'performance', 'identity', 'campaigns', 'calls', 'disclosure'])
const behaviour: Prepare = page => grant(page, ['behaviour'])
const gpc: Prepare = page =>
  page.addInitScript("Object.defineProperty(navigator, 'globalPrivacyControl', { value: true })")
const objected: Prepare = page =>
  page.addInitScript("if (location.host) document.cookie = 'lightfoot_off=1; path=/'")

test.each<[string, string[], [script: string, prepare: Prepare][]]>([
  [
    'kinds only: exempt, with GPC, with all but behaviour',
    kinds,
    [
      [exempt, unasked],
      [exempt, gpc],
      [exempt, others],
    ],
  ],
  [
    'everything: behaviour, exempt or strict',
    all,
    [
      [exempt, behaviour],
      [strict, behaviour],
    ],
  ],
  [
    'nothing: strict without a choice, with all but behaviour; objected',
    [],
    [
      [strict, unasked],
      [strict, others],
      [exempt, objected],
    ],
  ],
])('%s', async (_, wanted, states) => {
  const { lab } = fixture
  // Side by side, since most of it is waiting.
  for (const [index, [script]] of states.entries()) lab.pages.set(`/${index}`, { script, body })
  await Promise.all(
    states.map(async ([, prepare], index) => {
      const page = await fixture.newPage()
      await prepare(page)
      await page.goto(`${lab.origin}/${index}`)
      if (wanted === all) await grantedPart(page)
      await use(page)
      await page.goto('about:blank')
    }),
  )
  if (wanted.length) await lab.until('click', 2 * states.length)
  else await setTimeout(300)
  const told = lab.events().flatMap(event => {
    if (event.type === 'click') return [['click', event.kind, event.target, event.frustration]]
    if (event.type === 'form') return [['form', event.form, event.outcome]]
    return event.type === 'hover' && event.target === 'nothing' ? [['hover', event.target]] : []
  })
  const lines = told.map(fields => fields.filter(Boolean).join(' '))
  expect(lines.sort()).toEqual(states.flatMap(() => wanted).sort())
})

test('after a withdrawal nothing comes, neither of what was begun before it', async () => {
  const { lab } = fixture
  const page = await fixture.visit(strict, body, page => grant(page, ['behaviour']))
  await grantedPart(page)
  await page.mouse.move(20, 50)
  await page.fill('input', 'value')
  await page.mouse.click(20, 50)
  await page.evaluate('lightfoot.consent.withdraw()')
  const before = lab.events().length
  await use(page)
  await page.goto('about:blank')
  await page.waitForTimeout(300)
  expect(lab.events().length).toBe(before)
  expect(lab.events('form')).toEqual([])
})
