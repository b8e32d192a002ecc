import { expect, test } from 'vitest'
import { exempt, grant, tellNow, useLab } from '../tools/testing/tracker_lab.ts'

const fixture = useLab()

const body = `
  <img src="/missing.png?token=1"><img src="/missing.png?token=1">
  <script src=/missing.js></script><link rel=stylesheet href=/missing.css>
  <video src=/missing.mp4></video><img src="data:image/png;base64,broken">
  <script>fetch('/missing.json')</script>`

test('failed resources, also those from before the script ran, each once', async () => {
  const { lab } = fixture
  const page = await fixture.visit(exempt, body, page => grant(page, ['performance']))
  await page.waitForLoadState()
  await page.evaluate(
    "for (const src of ['/late.png', 'http://localhost:1/unreachable.png']) document.body.append(Object.assign(new Image(), { src }))",
  )
  await page.waitForTimeout(300)
  await tellNow(page)
  await lab.until('error', 1)
  await page.waitForTimeout(300)
  const errors = lab.events('error')
  const told = errors.map(({ kind, tag, url }) => [kind, tag, url?.replace(lab.origin, '')])
  expect(told.sort()).toEqual(
    [
      ['resource', 'img', '/missing.png'],
      ['resource', 'script', '/missing.js'],
      ['resource', 'link', '/missing.css'],
      ['resource', 'video', '/missing.mp4'],
      ['resource', 'img', 'http://localhost:1/unreachable.png'],
      ['resource', 'img', '/late.png'],
    ].sort(),
  )
  expect(errors.filter(error => error.status !== undefined).every(error => error.status === 404)).toBe(true)
})

test.each([
  ['performance', true, { tag: 'img', status: 404 }],
  ['before consent', false, { status: 400 }],
])(
  'what failed while a script held the page up is found with its status: %s',
  async (_, isGranted, wanted) => {
    const { lab } = fixture
    lab.pages.set('/slow.js', { type: 'text/javascript', body: '', delayMs: 300 })
    const page = await fixture.visit(exempt, '<img src=/missing.png><script src=/slow.js></script>', page =>
      isGranted ? grant(page, ['performance']) : Promise.resolve(),
    )
    await tellNow(page)
    const [error] = await lab.until('error')
    expect(error).toMatchObject({ kind: 'resource', ...wanted })
  },
)

test('before consent the kind only, and the class of a status', async () => {
  const page = await fixture.visit(exempt, '<img src=/missing.png>')
  await page.waitForLoadState()
  await tellNow(page)
  const [error] = await fixture.lab.until('error')
  expect(error?.kind).toBe('resource')
  expect([undefined, 400]).toContain(error?.status)
  expect(error).not.toHaveProperty('url')
  expect(error).not.toHaveProperty('tag')
})

test('a page of which everything fails tells of twenty', async () => {
  const images = Array.from({ length: 50 }, (_, i) => `<img src="/missing-${i}.png">`).join('')
  const page = await fixture.visit(exempt, images)
  await page.waitForLoadState()
  await page.waitForTimeout(200)
  await tellNow(page)
  await fixture.lab.until('error', 20)
  await page.waitForTimeout(200)
  expect(fixture.lab.events('error')).toHaveLength(20)
})
