// What no batch whatever may do: get an address, an e-mail address, a token, the user agent, an id that the client chose
// or a receipt into a row. Batches are generated with such values planted in every field that is text.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Batch } from '../../contract/events.ts'
import { purposeBit } from '../../contract/purposes.ts'
import { validateBatch } from '../../contract/validate.ts'
import {
  grant,
  ingestEvents,
  makeBatch,
  makeClient,
  makeSite,
  type Said,
  siteOrigin,
} from '../../tools/testing/pipeline.ts'

const byte = fc.integer({ min: 0, max: 255 })
const hexadecimal = fc.integer({ min: 0x1000, max: 0xffff }).map(value => value.toString(16))

const addressV4 = fc
  .tuple(fc.integer({ min: 1, max: 223 }), byte, byte, fc.integer({ min: 1, max: 255 }))
  .filter(([first]) => first !== 127)
  .map(parts => parts.join('.'))
const addressV6 = fc
  .tuple(hexadecimal, hexadecimal, hexadecimal, hexadecimal)
  .map(([a, b, c, d]) => `2001:db8:${a}:${b}::${c}:${d}`)
const address = fc.oneof(addressV4, addressV6)

const word = fc.stringMatching(/^[a-z]{3,8}$/)
const email = fc
  .tuple(word, word, fc.constantFrom('example.com', 'mail.example.org', 'пример.рф'))
  .map(([first, last, host]) => `${first}.${last}@${host}`)

const randomBytes = fc.uint8Array({ minLength: 16, maxLength: 32 }).map(bytes => Buffer.from(bytes))
/** Long enough that one which looks like a word is not drawn in the lifetime of this test. */
const token = fc.oneof(
  randomBytes
    .map(bytes => `${bytes.toString('hex')}7e`)
    .filter(hex => /\d{3}|\d.*\d.*\d/.test(hex) && /[a-f]/.test(hex)),
  fc.uuid(),
  randomBytes.map(
    bytes => `eyJhbGciOiJIUzI1NiJ9.eyJ${bytes.toString('base64url')}.${bytes.toString('base64url')}`,
  ),
  randomBytes.map(bytes => `token=${bytes.toString('base64url')}`),
)

/** What is planted, and the part of it that must not come out. */
type Planted = { readonly text: string; readonly secret: string }

const planted: fc.Arbitrary<Planted> = fc.oneof(
  address.map(text => ({ text, secret: text })),
  email.map(text => ({ text, secret: text })),
  token.map(text => ({ text, secret: text.replace(/^token=/, '') })),
)

/** Around it what people write: words, marks, spaces. */
const around = fc.tuple(
  fc.constantFrom('', 'Hello ', 'id: ', '(', 'a=1&b=', 'to ', '"', "'", '→ ', 'для '),
  planted,
  fc.constantFrom('', ' and more', ')', '.', '&c=2', ', ok', '"', "'", '!', '?'),
)
const text = around.map(([before, { text, secret }, after]) => ({ text: `${before}${text}${after}`, secret }))

const encode = fc.constantFrom(
  (value: string) => value,
  encodeURIComponent,
  (value: string) => encodeURIComponent(encodeURIComponent(value)),
  (value: string) => value.replaceAll('@', '%40'),
)
const path = fc
  .tuple(word, planted, word, encode)
  .map(([before, { text, secret }, after, write]) => ({ text: `/${before}/${write(text)}/${after}`, secret }))
const url = fc
  .tuple(fc.constantFrom(siteOrigin, 'https://other.example'), path, planted, word)
  .map(([origin, { text, secret }, inQuery, name]) => ({
    url: `${origin.replace('://', `://${name}:${name}@`)}${text}?page=${encodeURIComponent(inQuery.text)}&ref=${encodeURIComponent(inQuery.text)}#${inQuery.text}`,
    secrets: [secret, inQuery.secret],
  }))

type Drawn = { readonly events: Said[]; readonly pageUrl: string; readonly secrets: readonly string[] }

const drawn: fc.Arbitrary<Drawn> = fc
  .record({
    texts: fc.array(text, { minLength: 12, maxLength: 12 }),
    urls: fc.array(url, { minLength: 6, maxLength: 6 }),
  })
  .map(({ texts, urls }) => {
    const said = (index: number, max = 100) => cutBefore(texts[index]?.text ?? '', max)
    const at = (index: number) => urls[index]?.url ?? ''
    const events: Said[] = [
      { type: 'pageview', title: said(0, 300), referrer: at(0), from: at(1) },
      { type: 'exit', method: 'link', target: said(1, 255) },
      { type: 'click', kind: 'outbound', target: said(2), href: at(2) },
      { type: 'click', kind: 'mailto', href: `mailto:${said(3)}` },
      { type: 'hover', target: said(4), ms: 300 },
      { type: 'form', form: said(5), outcome: 'submit' },
      { type: 'search', term: said(6, 200), results: 1 },
      { type: 'view', name: said(7), group: said(8) },
      { type: 'error', kind: 'script', tag: said(9), url: at(3), file: at(4), message: said(9, 500) },
      { type: 'timing', protocol: said(10) },
      { type: 'custom', name: said(10), props: { [said(11)]: said(0, 300), plain: 1 } },
    ]
    const pageUrl = at(5).replace(/^https:\/\/([^@/]*@)?[^/]*/, siteOrigin.replace('://', '://user:pass@'))
    return {
      events,
      pageUrl,
      secrets: [...texts.map(({ secret }) => secret), ...urls.flatMap(({ secrets }) => secrets)],
    }
  })

/** A text that the contract would refuse for its length is not sent at all; half a secret would be another one. */
function cutBefore(value: string, max: number): string {
  return value.length <= max ? value : 'short'
}

const id = (length: number) =>
  fc
    .uint8Array({ minLength: 24, maxLength: 24 })
    .map(bytes => Buffer.from(bytes).toString('base64url').slice(0, length))

const purposes = fc.integer({ min: 0, max: 127 })

test('no row holds what was planted, nor the address, the user agent, an id of the client or the receipt', () => {
  fc.assert(
    fc.property(
      drawn,
      address,
      id(22),
      id(11),
      id(22),
      purposes,
      fc.constantFrom('exempt', 'strict'),
      planted,
      ({ events, pageUrl, secrets }, clientAddress, batchId, pageId, visitor, granted, mode, inLanguage) => {
        const consent: Batch['consent'] =
          granted === 0 ? { level: 'exempt', purposes: 0, policy: 1, signal: 'default' } : grant(granted)
        const batch = {
          batch: batchId,
          ...((granted & purposeBit('identity')) === 0 ? {} : { visitor }),
          pages: [{ id: pageId, url: pageUrl }],
          device: { language: cutBefore(inLanguage.text, 35) },
          consent,
        }
        // Really what a client could send: the validator takes it.
        expect(validateBatch(JSON.parse(JSON.stringify(makeBatch(events, batch))))).toMatchObject({
          ok: true,
        })
        const userAgent = `Mozilla/5.0 (X11; Linux x86_64) ${inLanguage.text} Firefox/140.0`
        const client = makeClient(clientAddress, userAgent)
        const { rows } = ingestEvents(events, {
          client,
          userAgent,
          batch,
          site: makeSite({ mode, events: ['plain'] }),
        })
        const out = rows.toString().toLowerCase()
        const never = [...secrets, clientAddress, userAgent, batchId, pageId, visitor, inLanguage.secret]
        for (const secret of never) expect(out).not.toContain(secret.toLowerCase())
        expect(out).not.toContain('user:pass')
        if (granted !== 0) expect(out).not.toContain(`good ${granted}`)
        expect(out).not.toMatch(/[\w.]@[\w-]+\.\w/)
      },
    ),
    { numRuns: 1500 },
  )
})
