import { expect, test } from 'vitest'
import { makeSite } from '../../../tools/testing/pipeline.ts'
import { ownPage } from './own_page.ts'

const site = makeSite({
  origins: ['https://www.example.com', 'https://*.shop.example'],
  parameters: ['page', 'sort'],
  sensitive: ['/health/*'],
  groups: [{ name: 'Order', path: '/order/*' }],
})

test('a page is what the scrub leaves of its URL, in its group', () => {
  const page = ownPage(site, 'https://www.example.com/order/jo%40example.com?page=2&token=x#part')
  expect(page).toMatchObject({
    host: 'www.example.com',
    path: '/order/:email',
    parameters: 'page=2',
    group: 'Order',
  })
  expect(page?.url.pathname).toBe('/order/jo%40example.com')
})

test.each(['https://other.example/', 'ftp://www.example.com/', 'https://shop.example/', 'nonsense', ''])(
  '%j is no page of the site',
  text => {
    expect(ownPage(site, text)).toBeUndefined()
  },
)

const isRemembered = (text: string) => {
  const first = ownPage(site, text)
  return ownPage(site, text) === first
}

test.each([
  'https://www.example.com/',
  'https://www.example.com/catalogue/12',
  'https://a.shop.example/order/basket',
])('%s is remembered: a row may hold all of it', text => {
  expect(isRemembered(text)).toBe(true)
})

test.each([
  ['a parameter that is listed', 'https://www.example.com/catalogue/12?page=2'],
  ['all parameters that are listed', 'https://www.example.com/?page=2&sort=price'],
  ['a parameter that is not listed', 'https://www.example.com/?page=2&q=x'],
  ['a parameter without its name', 'https://www.example.com/?'],
  ['parameters in another order', 'https://www.example.com/?sort=price&page=2'],
  ['a value that is scrubbed', 'https://www.example.com/?page=jo@example.com'],
  ['a path that is scrubbed', 'https://www.example.com/user/jo@example.com'],
  ['an encoded path', 'https://www.example.com/user/j%6f'],
  ['a sensitive path', 'https://www.example.com/health/leg'],
  ['the very pattern of a sensitive path', 'https://www.example.com/health/*'],
  ['credentials', 'https://user:secret@www.example.com/'],
  ['a fragment', 'https://www.example.com/#jo'],
  ['a host that is scrubbed', 'https://203-0-113-7.jo.shop.example/eyJhbGciOiJIUzI1NiIs'],
  ['an origin in capitals', 'HTTPS://www.example.com/'],
])('%s is not remembered', (_name, text) => {
  expect(ownPage(site, text)).toBeDefined()
  expect(isRemembered(text)).toBe(false)
})

// Known by its plain URL, a page with a query must come out as it does when nothing is known.
test.each([
  'https://www.example.com/order/basket?page=2&token=x#part',
  'https://www.example.com/order/basket?sort=price&page=jo@example.com',
  'https://www.example.com/order/basket?',
  'https://www.example.com/order/basket?a?page=1',
  'https://www.example.com/order/basket?q=x#?page=2',
  'https://www.example.com/order/basket#a?page=2',
  'https://a.shop.example/order/basket?page=3',
])('%s is the same page whether its plain URL is remembered or not', text => {
  const unknown = ownPage(makeSite(site), text)
  const plain = text.replace(/[?#].*/, '')
  expect(isRemembered(plain)).toBe(true)
  expect({ ...ownPage(site, text), url: '' }).toEqual({ ...unknown, url: '' })
  expect(ownPage(site, text)?.url.href).toBe(unknown?.url.href)
})

test('a new configuration forgets what the old one made of a page', () => {
  const text = 'https://www.example.com/order/basket'
  expect(ownPage(site, text)).toMatchObject({ group: 'Order', path: '/order/basket' })
  const changed = makeSite({ origins: site.origins, sensitive: ['/order/*'] })
  expect(ownPage(changed, text)).toMatchObject({ group: '', path: '/order/*', isSensitive: true })
  expect(ownPage(makeSite({ origins: ['https://other.example'] }), text)).toBeUndefined()
})

test('of more pages than are remembered, the first are forgotten', () => {
  const first = ownPage(site, 'https://www.example.com/first')
  for (let page = 0; page <= 1000; page++) ownPage(site, `https://www.example.com/of/${page}`)
  expect(ownPage(site, 'https://www.example.com/first')).not.toBe(first)
})
