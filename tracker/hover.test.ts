import { expect, test } from 'vitest'
import type { TestPage } from '../tools/testing/browser.ts'
import { exempt, grant, grantedPart, tellNow, useLab } from '../tools/testing/tracker_lab.ts'

const fixture = useLab()

const body = `
  <style>body { margin: 0 } div { height: 100px } b { display: block; height: 50px }</style>
  <div data-lf=first><b>a</b><b>b</b></div><div data-lf=second>second</div><div>no name</div>
  <div data-lf=host id=host></div>
  <script>document.querySelector('#host').attachShadow({ mode: 'open' }).innerHTML =
    '<p style="margin: 0; height: 100px" data-lf=inside>inside</p>'</script>`

const visit = async () => {
  const page = await fixture.visit(exempt, body, page => grant(page, ['behaviour']))
  await grantedPart(page)
  // Beside what has a name: a page that opens under a pointer has told of it before anything listens.
  await page.mouse.move(600, 600)
  return page
}

const stay = async (page: TestPage, y: number, ms: number) => {
  await page.mouse.move(100, y)
  await page.waitForTimeout(ms)
}

const told = () => fixture.lab.events('hover').map(({ target }) => target)

test('dwell by named element, summed up; passing over is none, nor is an element without a name', async () => {
  const page = await visit()
  const startedAt = Date.now()
  await stay(page, 25, 200)
  // Still the same named element.
  await stay(page, 75, 200)
  await stay(page, 150, 10)
  await stay(page, 250, 400)
  await stay(page, 350, 400)
  await stay(page, 25, 350)
  await stay(page, 250, 0)
  await tellNow(page)
  await fixture.lab.until('hover', 2)
  expect(told()).toEqual(['first', 'host'])
  const [first] = fixture.lab.events('hover')
  expect(first?.ms).toBeGreaterThan(740)
  expect(first?.ms).toBeLessThan(Date.now() - startedAt - 800)
  // Increments: nothing is told again, and what comes later is.
  await stay(page, 150, 400)
  await page.goto('about:blank')
  await fixture.lab.until('hover', 3)
  expect(told()).toEqual(['first', 'host', 'second'])
})

test('a pointer that stays while it is told of goes on counting', async () => {
  const page = await visit()
  await stay(page, 25, 400)
  await tellNow(page)
  await page.waitForTimeout(400)
  await tellNow(page)
  await fixture.lab.until('hover', 2)
  const [before, after] = fixture.lab.events('hover')
  expect([before?.target, after?.target]).toEqual(['first', 'first'])
  expect(after?.ms).toBeGreaterThanOrEqual(390)
})

test('a pointer that leaves the window hovers no more; a pen hovers, a finger does not', async () => {
  const page = await visit()
  const point = (pointerType: string, y: number) =>
    page.evaluate(
      ([pointerType, y]) => {
        const target = document.elementFromPoint(100, Number(y))
        for (const type of ['pointerover', 'pointerout']) {
          const at = type === 'pointerover' ? 0 : 350
          setTimeout(
            () =>
              target?.dispatchEvent(
                new PointerEvent(type, { pointerType: String(pointerType), bubbles: true, composed: true }),
              ),
            at,
          )
        }
        return new Promise(resolve => setTimeout(resolve, 800))
      },
      [pointerType, y],
    )
  await point('touch', 25)
  await point('pen', 150)
  await tellNow(page)
  await fixture.lab.until('hover')
  expect(told()).toEqual(['second'])
})
