// The banners of docs/tracker.md: each recipe runs as it is written there, beside a stand-in that makes the banner's documented
// events. What the banner presumes before anybody chose is no choice; what its visitor chose arrives.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { packageRoot } from '../collector/config/package_root.ts'
import { strict, tellNow, useLab } from '../tools/testing/tracker_lab.ts'

const fixture = useLab()

const [, section = ''] = readFileSync(join(packageRoot(), 'docs/tracker.md'), 'utf8').split('## Banners\n')
const tell = /```js\n([^`]+)```/.exec(section)?.[1]
/** By the banner's name, the code of its row. */
const recipes = new Map(
  [...section.matchAll(/^\| (\w+)[^|]*\| (.+) \|$/gm)].map(([, name = '', cell = '']): [string, string] => [
    name,
    [...cell.matchAll(/`([^`]+)`/g)].map(([, code]) => code).join('\n'),
  ]),
)

type Banner = {
  name: string
  /** What stands in the page before the recipe. */
  before?: string
  /** The recipe is a value that the banner's configuration holds. */
  isValue?: boolean
  /** What the banner does when it appears, with everything presumed; then `choose(yes)`. */
  presume?: string
  choose: string
}

const banners: Banner[] = [
  {
    name: 'Cookiebot',
    before: 'window.Cookiebot = { consent: { statistics: true } }',
    choose:
      "yes => { Cookiebot.consent.statistics = yes; dispatchEvent(new Event('CookiebotOn' + (yes ? 'Accept' : 'Decline'))) }",
  },
  {
    name: 'Usercentrics',
    presume:
      "dispatchEvent(new CustomEvent('ucEvent', { detail: { event: 'consent_status', action: 'onInitialPageLoad', type: 'IMPLICIT', Lightfoot: true } }))",
    choose:
      "yes => dispatchEvent(new CustomEvent('ucEvent', { detail: { event: 'consent_status', action: 'onUpdateServices', type: 'EXPLICIT', Lightfoot: yes } }))",
  },
  {
    name: 'OneTrust',
    before: 'window.isClosed = false; window.OneTrust = { IsAlertBoxClosed: () => isClosed }',
    presume: "dispatchEvent(new CustomEvent('OneTrustGroupsUpdated', { detail: ['C0001', 'C0002'] }))",
    choose:
      "yes => { isClosed = true; dispatchEvent(new CustomEvent('OneTrustGroupsUpdated', { detail: yes ? ['C0001', 'C0002'] : ['C0001'] })) }",
  },
  {
    name: 'Klaro',
    isValue: true,
    presume: 'recipe.callback(false, recipe)',
    choose: 'yes => recipe.callback(yes, recipe)',
  },
  {
    name: 'CookieYes',
    presume:
      "document.dispatchEvent(new CustomEvent('cookieyes_banner_load', { detail: { activeLaw: 'ccpa', categories: { necessary: true, analytics: true }, isUserActionCompleted: false } }))",
    choose: `yes => document.dispatchEvent(new CustomEvent('cookieyes_consent_update', { detail: {
      accepted: yes ? ['necessary', 'analytics'] : ['necessary'], rejected: yes ? [] : ['analytics'] } }))`,
  },
  {
    name: 'CookieYes',
    choose:
      "yes => document.dispatchEvent(new CustomEvent('cookieyes_banner_load', { detail: { categories: { analytics: yes }, isUserActionCompleted: true } }))",
  },
  {
    name: 'CookieConsent',
    choose:
      "yes => dispatchEvent(new CustomEvent('cc:on' + (yes ? 'Consent' : 'Change'), { detail: { cookie: { categories: yes ? ['necessary', 'analytics'] : ['necessary'] } } }))",
  },
]

test('every banner of the document is tried', () => {
  expect([...recipes.keys()].filter(name => name !== 'banner').sort()).toEqual(
    [...new Set(banners.map(({ name }) => name))].sort(),
  )
})

test.each(banners)('$name: nothing presumed, what is chosen is granted and withdrawn', async banner => {
  const { name, before = '', isValue = false, presume = '', choose } = banner
  const { lab } = fixture
  const recipe = recipes.get(name) ?? 'missing'
  const page = await fixture.visit(
    strict,
    `<script>${before}</script><script>${tell}\n${isValue ? `window.recipe = ${recipe}` : recipe}</script>`,
  )
  const choices = () =>
    lab.requests.filter(({ path }) => path === '/v1/consent').map(({ body }) => JSON.parse(body))
  const level = (wanted: string) =>
    page.waitForFunction(`lightfoot.consent.status().level === '${wanted}'`, undefined, { timeout: 8000 })
  await page.evaluate(`${presume}; window.choose = ${choose}; 0`)
  await page.evaluate('new Promise(resolve => setTimeout(resolve, 50))')
  expect([choices(), await page.evaluate('lightfoot.consent.status().level')]).toEqual([[], 'none'])

  await page.evaluate('choose(true); 0')
  await level('granted')
  expect(choices()).toEqual([
    { site: 'lab', policy: 1, choice: 'grant', purposes: ['statistics', 'behaviour'], source: 'banner' },
  ])
  await tellNow(page)
  expect(await lab.until('pageview')).toMatchObject([{ level: 'granted', navigation: 'consent' }])
  // It says so again on each page, and nobody is asked.
  await page.evaluate('choose(true); 0')
  await page.evaluate('choose(false); 0')
  await level('none')
  const withdrawal = [{ site: 'lab', policy: 1, choice: 'withdraw' }]
  await expect.poll(() => choices().slice(1), { timeout: 8000 }).toEqual(withdrawal)
})
