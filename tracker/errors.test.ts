import { expect, test } from 'vitest'
import type { Purpose } from '../contract/purposes.ts'
import { exempt, grant, strict, tellNow, useLab } from '../tools/testing/tracker_lab.ts'

const fixture = useLab()

const body = `
  <style>@font-face { font-family: x; src: url(/missing.woff2) } p { font-family: x; background: url(/missing-bg.png) }</style>
  <p>text</p><img src="/missing.png?token=1"><img src="/missing.png?token=1">
  <script src=/missing.js></script><link rel=stylesheet href=/missing.css>
  <video src=/missing.mp4></video><audio><source src=/missing.mp3></audio>
  <img src="data:image/png;base64,broken"><script>fetch('/missing.json')</script>`

const withPerformance = (page: Parameters<typeof grant>[0]) => grant(page, ['performance'])

test('failed resources, also those from before the script ran, each once', async () => {
  const { lab } = fixture
  const page = await fixture.visit(exempt, body, withPerformance)
  await page.waitForLoadState()
  await page.evaluate(`
    for (const src of ['/late.png', 'http://localhost:1/unreachable.png']) document.body.append(Object.assign(new Image(), { src }))
    new FontFace('y', 'url(/late.woff2)').load().catch(() => {})`)
  const own = ({ url }: { url?: string }) => url?.replace(lab.origin, '')
  const wanted = [
    ['img', '/missing.png', 404],
    ['script', '/missing.js', 404],
    ['link', '/missing.css', 404],
    ['css', '/missing.woff2', 404],
    ['css', '/missing-bg.png', 404],
    ['css', '/late.woff2', 404],
    // Chromium tells no status of media.
    ['video', '/missing.mp4', undefined],
    ['source', '/missing.mp3', undefined],
    ['img', 'http://localhost:1/unreachable.png', undefined],
    ['img', '/late.png', 404],
  ]
  await lab.until('error', wanted.length)
  await tellNow(page)
  const errors = lab.events('error')
  expect(errors.map(error => [error.tag, own(error), error.status]).sort()).toEqual(wanted.sort())
  expect(new Set(errors.map(({ kind }) => kind))).toEqual(new Set(['resource']))
})

test.each([
  ['performance', true, { tag: 'img', status: 404 }],
  ['before consent', false, { status: 400 }],
])(
  'what failed while a script held the page up is found with its status: %s',
  async (_, isGranted, wanted) => {
    const { lab } = fixture
    lab.pages.set('/slow.js', { type: 'text/javascript', body: '', delayMs: 300 })
    await fixture.visit(exempt, '<img src=/missing.png><script src=/slow.js></script>', page =>
      isGranted ? withPerformance(page) : Promise.resolve(),
    )
    const [error] = await lab.until('error')
    expect(error).toMatchObject({ kind: 'resource', ...wanted })
  },
)

/** What a page's scripts do wrong, and the message as it may leave the page; a rejection has no place. */
const faults: [code: string, message: string][] = [
  ['undefined.size', 'TypeError: Cannot read properties of undefined (reading *)'],
  [
    'throw SyntaxError(`Unexpected token \'J\', "John Smith" is not valid JSON`)',
    'SyntaxError: Unexpected token *, * is not valid JSON',
  ],
  ['throw Error("can\'t find order a1-77 of john@example.com")', "Error: can't find order * of *"],
  ['throw Error("GET https://api.example.com/u/77?token=x is 404")', 'Error: GET * is *'],
  ["throw Error(`no 'John's \"house\"' and ` + '`Jane Roe`')", 'Error: no * and *'],
  ['throw Error("cut \'John Smith")', 'Error: cut *'],
  ['throw Error("nothing for “red kite” here")', 'Error: nothing for * here'],
  ['throw "a text"', 'a text'],
  ['Promise.reject(Error("no answer from 10.0.0.7"))', 'Error: no answer from *'],
  ['Promise.reject()', 'undefined'],
]

test('faults of scripts and rejections: scrubbed, each once, with file and line', async () => {
  const { lab } = fixture
  const scripts = faults.map(([code], index) => {
    const type = 'text/javascript'
    lab.pages.set(`/${index}.js`, { type, body: `\nsetTimeout(() => {\n${code}\n}, 500)` })
    return `<script src="/${index}.js?version=7"></script>`
  })
  const page = await fixture.visit(exempt, scripts.join(''), withPerformance)
  await lab.until('error', faults.length)
  await page.evaluate(`
    for (const i of [1, 2]) setTimeout(() => { throw Error('item ' + i) })
    setTimeout(() => { throw Object.assign(Error('mean'), { toString() { throw 1 } }) })
    dispatchEvent(new ErrorEvent('error', { message: 'made up' }))`)
  const errors = await lab.until('error', faults.length + 1)
  const told = errors.map(({ kind, message, file, line }) => [kind, message, file, line])
  const wanted = faults.map(([code, message], index) => {
    const place = /^Promise/.test(code) ? [undefined, undefined] : [`${lab.origin}/${index}.js`, 3]
    return ['script', message, ...place]
  })
  expect(told.sort()).toEqual([...wanted, ['script', 'Error: item *', undefined, 1]].sort())
  expect(page.faults).not.toEqual([])
  page.faults.length = 0
})

test('“Script error.” of another origin says no more', async () => {
  const { lab } = fixture
  lab.pages.set('/foreign.js', {
    type: 'text/javascript',
    body: 'setTimeout(() => { throw Error("secret") }, 300)',
  })
  const page = await fixture.visit(
    exempt,
    `<script src="${lab.elsewhere}/foreign.js"></script>`,
    withPerformance,
  )
  const [error] = await lab.until('error')
  expect(error).toMatchObject({ kind: 'script', message: 'Script error.' })
  expect(error).not.toHaveProperty('line')
  page.faults.length = 0
})

test.each<[string, Purpose[]]>([
  ['exempt', []],
  ['granted, but not performance', ['statistics', 'behaviour']],
])('before consent the kind only, and the class of a status: %s', async (_, purposes) => {
  const { lab } = fixture
  const failing = '<img src=/missing.png><script>setTimeout(() => { throw Error("secret") }, 300)</script>'
  const page = await fixture.visit(exempt, failing, page => grant(page, purposes))
  const errors = await lab.until('error', 2)
  const told = errors.map(({ type, page, seq, at, pageUrl, pageId, level, ...fields }) => fields)
  expect(told.sort((a, b) => (a.kind < b.kind ? -1 : 1))).toEqual([
    { kind: 'resource', status: 400 },
    { kind: 'script' },
  ])
  page.faults.length = 0
})

test('a page of which everything fails tells of twenty', async () => {
  const images = Array.from({ length: 50 }, (_, i) => `<img src="/missing-${i}.png">`).join('')
  const page = await fixture.visit(exempt, images)
  await page.waitForLoadState()
  await page.waitForTimeout(200)
  await page.evaluate("setTimeout(() => { throw Error('one more') })")
  await page.waitForTimeout(200)
  await tellNow(page)
  await fixture.lab.until('error', 20)
  await page.waitForTimeout(200)
  expect(fixture.lab.events('error')).toHaveLength(20)
  page.faults.length = 0
})

test('of an image that its page replaces at once: the one that failed; the part is loaded with the first error', async () => {
  const { lab } = fixture
  const loads: string[] = []
  const page = await fixture.visit(exempt, '<img id=image>', async page => {
    await withPerformance(page)
    page.on('request', request => {
      if (request.url().endsWith('/lightfoot.errors.js')) loads.push(request.url())
    })
  })
  lab.pages.set('/there.png', { type: 'image/png', body: '' })
  await page.waitForLoadState()
  expect(loads).toEqual([])
  await page.evaluate(
    "image.onerror = () => { image.onerror = null; image.src = '/there.png' }; image.src = '/missing.png'",
  )
  const [error] = await lab.until('error')
  expect(error).toMatchObject({ tag: 'img', url: `${lab.origin}/missing.png`, status: 404 })
  expect(loads).toHaveLength(1)
})

test('what failed before a withdrawal is not told after it, though its part comes only then', async () => {
  const { lab } = fixture
  let release = () => {}
  const released = new Promise<void>(resolve => {
    release = resolve
  })
  const page = await fixture.visit(strict, '<img src=/missing.png>', async page => {
    await withPerformance(page)
    await page.route('**/lightfoot.errors.js', route => released.then(() => route.continue()))
  })
  await page.waitForLoadState()
  await page.evaluate('lightfoot.consent.withdraw()')
  await page.evaluate("lightfoot.consent.set({ purposes: ['performance'] })")
  release()
  await page.evaluate("import('/lightfoot.errors.js').then(() => {})")
  await tellNow(page)
  await lab.until('pageview')
  expect(lab.events('error')).toEqual([])
})

test('our own faults are none of the page’s', async () => {
  const page = await fixture.visit(exempt, '', async page => {
    await withPerformance(page)
    await page.addInitScript(
      "window.fetch = () => { throw Error('broken') }; navigator.sendBeacon = undefined; window.IntersectionObserver = undefined",
    )
  })
  await page.evaluate(`
    lightfoot.track({}); lightfoot.view({}); lightfoot.search(Symbol()); lightfoot.consent.set()
    window.ours = []
    for (const type of ['error', 'unhandledrejection']) addEventListener(type, event => ours.push(String(event.reason ?? event.message)))`)
  await tellNow(page)
  await page.waitForTimeout(1200)
  expect(await page.evaluate('ours')).toEqual([])
})
