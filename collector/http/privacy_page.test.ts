import { expect, test } from 'vitest'
import { matrix } from '../../contract/matrix.ts'
import type { Site } from '../config/config.ts'
import { demoConfig } from '../config/demo_config.ts'
import { privacyPage } from './privacy_page.ts'

const { sites, ...rest } = demoConfig({ port: 8080, timezone: 'UTC' })

function page(site: Partial<Site>, contact = 'privacy@example.com'): string {
  const changed = sites.map(each => ({ ...each, ...site }))
  return privacyPage({ ...rest, controller: { name: 'Kites & Co', contact }, sites: changed }, changed)
}

test.each<[string, Partial<Site>, string[], string[]]>([
  [
    'strict',
    { mode: 'strict' },
    ['Nothing is collected before you consent'],
    ['6(1)(f)', '24-bit id of the day'],
  ],
  [
    'exempt',
    { mode: 'exempt' },
    ['6(1)(f)', '6(1)(a)', '30 days without consent', '24-bit id of the day'],
    [],
  ],
  ['signals object', { gpc: 'objection' }, ['nothing is collected at all'], ['unless you later choose']],
  ['signals refuse', { gpc: 'refuse' }, ['unless you later choose otherwise'], ['collected at all']],
  ['small groups', { minimumGroup: 12 }, ['fewer than 12 visitors'], []],
  ['no minimum', { minimumGroup: 1 }, [], ['fewer than']],
  ['a name with markup', { name: '<b>"Shop"</b>' }, ['&lt;b&gt;&quot;Shop&quot;&lt;/b&gt;'], ['<b>']],
])('%s', (_name, site, wanted, unwanted) => {
  const html = page(site)
  for (const text of wanted) expect(html).toContain(text)
  for (const text of unwanted) expect(html).not.toContain(text)
})

test('every field of the matrix has its row, in whole words', () => {
  const html = page({ mode: 'strict' })
  expect(html.match(/<th scope="row">/g)).toHaveLength(Object.keys(matrix).length)
  expect(html).not.toMatch(/<td[^>]*>and /)
  expect(html).not.toContain('undefined')
})

test.each([
  ['privacy@example.com', '<a href="mailto:privacy@example.com">privacy@example.com</a>'],
  ['Data <b>office</b>, Leeds', 'objections: Data &lt;b&gt;office&lt;/b&gt;, Leeds<'],
  ['a@example.com?bcc=b@example.com', 'objections: a@example.com?bcc=b@example.com<'],
  ['', 'objections: as each site names it.'],
])('contact %s', (contact, wanted) => {
  expect(page({}, contact)).toContain(wanted)
})
