// However a page includes the script it works, and counts once; under each policy that a strict page may have, without one
// violation of it.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { packageRoot } from '../collector/config/package_root.ts'
import type { TestPage } from '../tools/testing/browser.ts'
import { exempt, type LabPage, useLab } from '../tools/testing/tracker_lab.ts'
import type { TrackerFile } from '../tools/tracker_build.mjs'

const fixture = useLab()

const tag = (attributes = '', file: TrackerFile = 'lightfoot.js') =>
  `<script ${attributes} src="/${file}" data-site="lab" ${exempt}></script>`
const core = tag('defer', 'lightfoot.core.js')
const inject = (moment: string) => `<script>${moment}(() => {
  const script = document.createElement('script')
  script.src = '/lightfoot.js'
  Object.assign(script.dataset, { site: 'lab', mode: 'exempt', policy: '1', local: '' })
  document.body.append(script)
})</script>`
const afterReady = "(run => addEventListener('DOMContentLoaded', () => setTimeout(run)))"
const afterLoad = "(run => addEventListener('load', () => setTimeout(run, 50)))"

const ways: readonly [name: string, head: string, body?: string][] = [
  ['at once', tag()],
  ['defer', tag('defer')],
  ['async', tag('async')],
  ['as a module', tag('type=module')],
  ['at the end of the body', '', tag()],
  ['after DOMContentLoaded', inject(afterReady)],
  ['after the page has loaded', inject(afterLoad)],
  ['twice by mistake', tag('defer') + tag('defer')],
  ['in four ways by mistake', tag() + tag('async') + tag('type=module') + inject(afterLoad)],
  ['with a stub that has nothing', stub() + tag('defer')],
  ['with a stub twice', stub() + stub() + tag('defer') + tag('defer')],
  ['by a tag manager', tagManager()],
  ['the core', core],
  ['the core and all by mistake', core + tag('defer')],
  ['all and the core by mistake', tag() + core],
  ['the core with a stub', stub() + core],
]

/** The first script of a document that begins so. */
function documented(file: string, start: string): string {
  const text = readFileSync(join(packageRoot(), 'docs', file), 'utf8')
  const [before, after] = [text.indexOf(`<script>\n${start}`), '</script>']
  expect(before).toBeGreaterThan(0)
  return text.slice(before, text.indexOf(after, before) + after.length)
}

function stub(): string {
  return documented('tracker.md', 'window.lightfoot = ')
}

function tagManager(): string {
  const recipe = documented('recipes.md', '  var script = ').replace('https://stats.example.com', '')
  return recipe.replace("'shop'", "'lab'\n  script.dataset.local = ''")
}

/** Leaves the page, which sends what waits; gives how often the page was counted and left. */
async function leave(page: TestPage, path: string): Promise<[views: number, exits: number]> {
  const { lab } = fixture
  // A batch whose answer had not come is sent once more under its id.
  const of = (type: 'pageview' | 'exit') => {
    const found = lab.events(type).filter(({ pageUrl }) => pageUrl.endsWith(path))
    return new Set(found.map(({ pageId, seq }) => `${pageId} ${seq}`)).size
  }
  await page.goto('about:blank')
  await expect.poll(() => of('exit'), { message: path, timeout: 8000 }).toBeGreaterThan(0)
  return [of('pageview'), of('exit')]
}

test('whichever way it is included, and whenever it runs, a page counts once', async () => {
  const { lab } = fixture
  const found = ways.map(async ([name, head, body], number) => {
    const path = `/way/${number}`
    lab.pages.set(path, { head, ...(body === undefined ? {} : { body }) })
    const page = await fixture.newPage()
    await page.goto(`${lab.origin}${path}`)
    await page.waitForFunction('window.lightfoot?.consent && !window.lightfoot.q')
    await page.waitForLoadState('networkidle')
    return [name, await leave(page, path)]
  })
  expect(await Promise.all(found)).toEqual(ways.map(([name]) => [name, [1, 1]]))
})

test('a frame is a page of its own; one without an origin of its own is silent', async () => {
  const { lab } = fixture
  lab.pages.set('/frame', { head: tag() })
  const page = await fixture.visit(
    exempt,
    '<iframe src=/frame></iframe><iframe sandbox=allow-scripts src=/frame></iframe><iframe srcdoc="<script src=/lightfoot.js data-site=lab data-local data-mode=exempt data-policy=1></script>"></iframe>',
  )
  await page.waitForLoadState('networkidle')
  expect(await leave(page, '/frame')).toEqual([1, 1])
  expect(await leave(page, '/page')).toEqual([1, 1])
  expect(new Set(lab.events('pageview').map(({ pageId }) => pageId)).size).toBe(2)
})

test('the stub of the documents keeps calls, at most a hundred, until the script makes them', async () => {
  const { lab } = fixture
  const early = `<script>
    for (let i = 0; i < 98; i++) lightfoot.track('early')
    lightfoot.track('last', { plan: 'small' })
    lightfoot.consent.set({ purposes: ['statistics'] }).then(status => { window.answered = [status] })
    lightfoot.track('too late')
  </script>`
  lab.pages.set('/page', { head: stub() + early + tag('defer') })
  const page = await fixture.newPage()
  await page.goto(`${lab.origin}/page`)
  await page.waitForFunction("window.lightfoot.consent.status()?.level === 'granted'")
  expect(await page.evaluate('answered')).toEqual([undefined])
  await leave(page, '/page')
  await lab.until('custom', 99)
  const names = new Map(lab.events('custom').map(({ pageId, seq, name }) => [`${pageId} ${seq}`, name]))
  expect([names.size, new Set(names.values())]).toEqual([99, new Set(['early', 'last'])])
})

/** `collector` and `nonce` stand for themselves. */
const policies: readonly [name: string, policy: string][] = [
  ['the two directives', "default-src 'none'; script-src collector; connect-src collector"],
  [
    'a nonce and strict-dynamic',
    "default-src 'none'; script-src 'nonce-n0nce' 'strict-dynamic'; connect-src collector; base-uri 'none'",
  ],
  [
    'Trusted Types',
    "default-src 'none'; script-src collector; connect-src collector; require-trusted-types-for 'script'; trusted-types 'none'",
  ],
]

test.each(policies)('%s: everything works, the parts load, nothing is violated', async (_, policy) => {
  const { lab } = fixture
  const attributes = `src="${lab.elsewhere}/lightfoot.js" data-site="lab" ${exempt}`
  const page: LabPage = {
    headers: { 'Content-Security-Policy': policy.replaceAll('collector', lab.elsewhere) },
    head: `<script defer nonce="n0nce" ${attributes}></script>`,
    body: '<button data-lf=save>save</button>',
  }
  lab.pages.set('/page', page)
  const visitor = await fixture.newPage()
  await visitor.addInitScript(
    "window.violated = []; addEventListener('securitypolicyviolation', event => violated.push(event.violatedDirective + ' ' + event.blockedURI))",
  )
  const parts: string[] = []
  visitor.on('response', response => parts.push(`${response.status()} ${new URL(response.url()).pathname}`))
  await visitor.goto(`${lab.origin}/page`)
  const grant = "lightfoot.consent.set({ purposes: ['statistics', 'behaviour', 'performance'] })"
  expect(await visitor.evaluate(grant)).toMatchObject({ level: 'granted' })
  expect(parts).toContain('200 /lightfoot.consent.js')
  await expect.poll(() => parts, { timeout: 8000 }).toContain('200 /lightfoot.vitals.js')
  await visitor.evaluate("lightfoot.track('signed up', { plan: 'small' })")
  await visitor.click('button')
  await visitor.waitForLoadState('networkidle')
  expect(await visitor.evaluate('violated')).toEqual([])
  await leave(visitor, '/page')
  const types = lab.events().map(({ type }) => type)
  expect(types).toEqual(
    expect.arrayContaining(['pageview', 'custom', 'click', 'exit', 'timing', 'engagement']),
  )
})

test('a policy that leaves the collector out stops it without an exception', async () => {
  const { lab } = fixture
  lab.pages.set('/page', {
    headers: { 'Content-Security-Policy': `default-src 'none'; script-src ${lab.elsewhere}` },
    head: `<script defer src="${lab.elsewhere}/lightfoot.js" data-site="lab" ${exempt}></script>`,
  })
  const page = await fixture.newPage()
  await page.goto(`${lab.origin}/page`)
  expect(await page.evaluate('lightfoot.consent.status()')).toMatchObject({ level: 'exempt' })
  await page.goto('about:blank')
  expect(lab.requests).toEqual([])
})
